package blackhole.storage.store;

import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.cid.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A blob, or a range of one, that is being read: an open file and a position. It goes on to the end
 * whatever becomes of the blob meanwhile. Used by one thread at a time.
 */
public final class BlobReader implements AutoCloseable {
  private final BlobStore store;
  private final Blob blob;
  private final FileChannel channel;
  private final long end;

  /** Of all bytes so far; null for a range, which has no name to be checked against. */
  private final @Nullable MessageDigest digest;

  private long position;

  BlobReader(BlobStore store, Blob blob, FileChannel channel, long offset, long length) {
    this.store = store;
    this.blob = blob;
    this.channel = channel;
    this.position = offset;
    this.end = offset + length;
    this.digest = length == blob.size() ? Cid.newDigest() : null;
  }

  public Blob blob() {
    return blob;
  }

  /** Where the next bytes come from. */
  public long position() {
    return position;
  }

  /** Whether all was read. */
  public boolean isAtEnd() {
    return position == end;
  }

  /**
   * The next bytes; none at the end. The last ones of a whole blob are given only when all were
   * checked against its name.
   *
   * @throws StorageException {@link Reason#BLOB_DAMAGED}, {@link Reason#STORE_UNAVAILABLE}
   */
  public byte[] next(int atMost) {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(atMost, end - position));
    try {
      while (bytes.hasRemaining()) {
        int count = channel.read(bytes, position + bytes.position());
        if (count < 0) {
          throw store.damaged(blob, "its file ends at byte " + (position + bytes.position()));
        }
      }
    } catch (IOException e) {
      throw store.failure(e);
    }
    position += bytes.position();
    store.noteRead(bytes.position());
    check(bytes.array());
    return bytes.array();
  }

  private void check(byte[] bytes) {
    if (digest == null) {
      return;
    }
    digest.update(bytes);
    if (isAtEnd() && !Cid.of(digest.digest()).equals(blob.cid())) {
      throw store.damaged(blob, "its bytes are not those of its CID any more");
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw store.failure(e);
    }
  }
}
