package blackhole.storage.store;

import blackhole.sqlite.outbox.Outbox;
import blackhole.storage.call.Call;
import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.cid.Cid;
import blackhole.storage.v1.BlobDeleted;
import blackhole.storage.v1.BlobStored;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Blobs by their names, in a directory that several processes may share. Methods block, but for the
 * index no longer than their call's deadline, and throw {@link StorageException}. Thread-safe.
 *
 * <p>One rule holds at any moment, whoever is killed in whichever: a file in {@code blobs/} is
 * whole, and it is in the index or among the index's unsettled names. So a blob is published, and
 * removed, in two steps: first its name is noted as unsettled; then, in one change of the index,
 * the file is moved and the note taken back. A change is made by one process at a time. What is
 * unsettled when a process starts is settled: a file that is not in the index is deleted.
 *
 * <p>Notes are not synced, to save the wait. So a failure of power, at the worst moment, may leave
 * a whole file that is in no list; it takes away nothing that was acknowledged.
 */
public final class BlobStore implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BlobStore.class.getName());

  /** For what has to be noted after a call has failed. */
  private static final Duration AFTERMATH_LIMIT = Duration.ofSeconds(5);

  /** Kept free, so that a full disk can still note what is deleted. */
  private static final long RESERVE = 1 << 20;

  private final Path directory;
  private final BlobIndex index;
  private final BlobFiles files;
  private final TemporaryFiles temporaries;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Counters counters = new Counters();

  private BlobStore(
      Path directory, BlobIndex index, BlobFiles files, TemporaryFiles temporaries, Clock clock) {
    this.directory = directory;
    this.index = index;
    this.files = files;
    this.temporaries = temporaries;
    this.clock = clock;
  }

  /**
   * Opens the store in a directory, and clears away what processes left there that died.
   *
   * @param poolSize how many connections to the index there may be
   * @param cacheBytes for their page caches together
   * @throws IOException saying what is wrong with it
   */
  public static BlobStore open(Path directory, int poolSize, long cacheBytes, Clock clock)
      throws IOException {
    TemporaryFiles temporaries = new TemporaryFiles(directory.resolve("tmp"));
    temporaries.sweep();
    BlobFiles files = new BlobFiles(directory.resolve("blobs"));
    BlobIndex index = BlobIndex.open(directory, poolSize, cacheBytes);
    BlobStore store = new BlobStore(directory, index, files, temporaries, clock);
    try {
      index.unsettled(Call.within(AFTERMATH_LIMIT)).forEach(store::settle);
      return store;
    } catch (StorageException e) {
      store.close();
      throw new IOException("cannot open " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * Begins to store a blob.
   *
   * @throws StorageException {@link Reason#DISK_FULL}, {@link Reason#STORE_UNAVAILABLE}
   */
  public BlobWriter create() {
    try {
      checkSpace();
      return new BlobWriter(this, temporaries.create());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void checkSpace() throws IOException {
    if (Files.getFileStore(directory).getUsableSpace() < RESERVE) {
      throw new StorageException(Reason.DISK_FULL, "the disk is full");
    }
  }

  /** Returns whether it was there already. */
  boolean publish(TemporaryFile file, Cid cid, long size, Call call) {
    boolean before = move(file, cid, size, call);
    if (before) {
      counters.repeated.increment();
    } else {
      counters.stored.increment();
      counters.storedBytes.add(size);
    }
    return before;
  }

  private boolean move(TemporaryFile file, Cid cid, long size, Call call) {
    Optional<Blob> known = index.find(cid, call);
    if (known.isPresent() && isWhole(known.get())) {
      return true;
    }
    try {
      checkSpace();
      file.sync();
      files.prepare(cid);
    } catch (IOException e) {
      throw failure(e);
    }
    boolean done = false;
    try {
      Published published;
      do {
        unsettle(cid, call);
        published = index.change(call, transaction -> publish(file, cid, size, call, transaction));
      } while (published == Published.NOT_YET);
      done = true;
      return published == Published.BEFORE;
    } finally {
      if (!done) {
        settle(cid);
      }
    }
  }

  private enum Published {
    NOW,
    BEFORE,
    /** The note was taken back by another, who found no file. */
    NOT_YET
  }

  private void unsettle(Cid cid, Call call) {
    index.changeUnsynced(
        call,
        transaction -> {
          transaction.unsettle(cid);
          return true;
        });
  }

  private Published publish(
      TemporaryFile file, Cid cid, long size, Call call, BlobIndex.Transaction transaction)
      throws SQLException, IOException {
    Optional<Blob> known = transaction.find(cid);
    if (known.isPresent() && isWhole(known.get())) {
      transaction.settle(cid);
      return Published.BEFORE;
    }
    if (!transaction.isUnsettled(cid)) {
      return Published.NOT_YET;
    }
    files.publish(file.path(), cid);
    Instant now = clock.instant();
    transaction.put(new Blob(cid, size, now, random.nextLong(), ""));
    transaction.settle(cid);
    if (known.isEmpty()) { // else it was mended
      transaction.tell("blob.stored", stored(cid, size, call), now);
    }
    return Published.NOW;
  }

  private static BlobStored stored(Cid cid, long size, Call call) {
    return BlobStored.newBuilder()
        .setCid(cid.text())
        .setSize(size)
        .setStoredBy(call.user())
        .build();
  }

  /** As far as can be seen without reading it. */
  private boolean isWhole(Blob blob) {
    try {
      return !blob.isDamaged() && files.size(blob.cid()) == blob.size();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Brings files in line with the index; what cannot be done now is left for the next start. */
  private void settle(Cid cid) {
    try {
      index.changeUnsynced(
          Call.within(AFTERMATH_LIMIT),
          transaction -> {
            if (transaction.find(cid).isEmpty()) {
              files.remove(cid);
            }
            transaction.settle(cid);
            return true;
          });
    } catch (StorageException e) {
      LOG.log(Level.WARNING, "{0} is left unsettled: {1}", cid, e.getMessage());
    }
  }

  /**
   * Begins to read a blob.
   *
   * @param length how many bytes at most
   * @throws StorageException {@link Reason#BLOB_NOT_FOUND}, {@link Reason#BLOB_DAMAGED}, {@link
   *     Reason#RANGE_PAST_END}, or as the store fails
   */
  public BlobReader read(Cid cid, long offset, long length, Call call) {
    while (true) {
      Blob blob = stat(cid, call);
      if (blob.isDamaged()) {
        throw damageOf(blob);
      }
      if (offset > blob.size()) {
        throw new StorageException(
            Reason.RANGE_PAST_END,
            "offset is " + offset + ", but " + cid + " has " + blob.size() + " bytes");
      }
      try {
        FileChannel channel = files.open(cid);
        return new BlobReader(this, blob, channel, offset, Math.min(length, blob.size() - offset));
      } catch (NoSuchFileException e) {
        // deleted since; the next look says so
      } catch (IOException e) {
        throw failure(e);
      }
    }
  }

  /**
   * What is known of a blob. One whose file is not there, or has not its length, is marked as
   * damaged.
   *
   * @throws StorageException {@link Reason#BLOB_NOT_FOUND}, or as the store fails
   */
  public Blob stat(Cid cid, Call call) {
    while (true) {
      Blob blob = find(cid, call);
      try {
        long size = files.size(cid);
        if (blob.isDamaged() || size == blob.size()) {
          return blob;
        }
        if (find(cid, call).incarnation() == blob.incarnation()) {
          String damage =
              size < 0
                  ? "its file is missing"
                  : "its file has " + size + " bytes, not " + blob.size();
          markDamaged(blob, damage);
          return new Blob(cid, blob.size(), blob.storedAt(), blob.incarnation(), damage);
        }
      } catch (IOException e) {
        throw failure(e);
      }
    }
  }

  private Blob find(Cid cid, Call call) {
    return index
        .find(cid, call)
        .orElseThrow(() -> new StorageException(Reason.BLOB_NOT_FOUND, "there is no blob " + cid));
  }

  /** Returns whether there was one. */
  public boolean delete(Cid cid, Call call) {
    boolean existed =
        index.change(
            call,
            transaction -> {
              Optional<Blob> known = transaction.find(cid);
              if (known.isEmpty()) {
                return false;
              }
              transaction.remove(cid);
              transaction.unsettle(cid);
              transaction.tell("blob.deleted", deleted(known.get(), call), clock.instant());
              return true;
            });
    if (existed) {
      counters.deleted.increment();
      settle(cid);
    }
    return existed;
  }

  private static BlobDeleted deleted(Blob blob, Call call) {
    return BlobDeleted.newBuilder()
        .setCid(blob.cid().text())
        .setSize(blob.size())
        .setDeletedBy(call.user())
        .build();
  }

  /**
   * Blobs in the order of their names.
   *
   * @param after the names begin behind this one
   * @param limit how many at most
   */
  public List<Blob> list(String after, int limit, Call call) {
    return index.list(after, limit, call);
  }

  /** What the event stream is to be told: {@code blob.stored} and {@code blob.deleted}. */
  public Outbox outbox() {
    return index.outbox();
  }

  /** How many blobs are known to be damaged. */
  public int damaged(Call call) {
    return index.damaged(call);
  }

  /** Of a blob that is read. */
  void noteRead(int bytes) {
    counters.readBytes.add(bytes);
  }

  /** For {@code ServiceMetrics}: of this process since its start. */
  public Map<String, Double> metrics() {
    return counters.metrics();
  }

  /** Returns if the index can be read and files can be made; throws as the other methods do. */
  public void probe(Call call) {
    int unused = damaged(call);
    try {
      temporaries.probe();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Notes that a blob is damaged, and gives what to tell the caller. */
  StorageException damaged(Blob blob, String damage) {
    markDamaged(blob, damage);
    return damageOf(new Blob(blob.cid(), blob.size(), blob.storedAt(), blob.incarnation(), damage));
  }

  private static StorageException damageOf(Blob blob) {
    return new StorageException(
        Reason.BLOB_DAMAGED, blob.cid() + " is damaged: " + blob.damage() + "; put it again");
  }

  private void markDamaged(Blob blob, String damage) {
    LOG.log(Level.ERROR, "{0} is damaged: {1}", blob.cid(), damage);
    counters.damaged.increment();
    try {
      index.markDamaged(blob, damage, Call.within(AFTERMATH_LIMIT));
    } catch (StorageException e) {
      LOG.log(Level.WARNING, "that could not be noted: {0}", e.getMessage());
    }
  }

  StorageException failure(IOException e) {
    return IoFailure.of(e, directory);
  }

  /** What a connection to the index says to a pragma; for tests and diagnosis. */
  public String pragma(String name, Call call) {
    return index.pragma(name, call);
  }

  /** What is being stored is given up. */
  @Override
  public void close() {
    index.close();
    temporaries.close();
  }
}
