package blackhole.storage.store;

import blackhole.storage.call.Call;
import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.cid.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A blob that is being stored. Nothing of it can be seen before {@link #commit} returns, and
 * nothing of it is left if that never does. Used by one thread at a time.
 */
public final class BlobWriter implements AutoCloseable {
  /** The JDK copies what it writes, and keeps a buffer as large as the largest in each thread. */
  private static final int SLICE = 64 << 10;

  private final BlobStore store;
  private final TemporaryFile file;
  private final MessageDigest digest = Cid.newDigest();
  private long size;

  BlobWriter(BlobStore store, TemporaryFile file) {
    this.store = store;
    this.file = file;
  }

  /** How many bytes it has so far. */
  public long size() {
    return size;
  }

  /**
   * @throws StorageException {@link Reason#DISK_FULL}, {@link Reason#STORE_UNAVAILABLE}
   */
  public void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        ByteBuffer slice = bytes.slice(bytes.position(), Math.min(SLICE, bytes.remaining()));
        bytes.position(bytes.position() + slice.remaining());
        size += slice.remaining();
        digest.update(slice.duplicate());
        file.write(slice);
      }
    } catch (IOException e) {
      throw store.failure(e);
    }
  }

  /**
   * Stores what was written. It is on disk when this returns.
   *
   * @param expected the name that it must have
   * @throws StorageException {@link Reason#CID_MISMATCH}, or as the store fails
   */
  public Stored commit(Optional<Cid> expected, Call call) {
    Cid cid = Cid.of(digest.digest());
    if (expected.isPresent() && !expected.get().equals(cid)) {
      throw new StorageException(
          Reason.CID_MISMATCH,
          "the " + size + " bytes that were sent are " + cid + ", not " + expected.get());
    }
    return new Stored(cid, size, store.publish(file, cid, size, call));
  }

  /**
   * What became of it.
   *
   * @param before whether it was there already
   */
  public record Stored(Cid cid, long size, boolean before) {}

  /** What was not committed is deleted. */
  @Override
  public void close() {
    file.close();
  }
}
