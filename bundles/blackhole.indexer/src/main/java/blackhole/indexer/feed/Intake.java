package blackhole.indexer.feed;

import blackhole.indexer.document.Content;
import blackhole.indexer.feed.BlobSource.Fetched;
import blackhole.indexer.index.DocumentIndex;
import blackhole.indexer.index.Entry;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Takes blobs into the index, and out of it, and counts them. */
public final class Intake {
  private final BlobSource blobs;
  private final long maxBytes;
  private final LongAdder indexed = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private final LongAdder tooLarge = new LongAdder();
  private final LongAdder unreadable = new LongAdder();

  /**
   * @param maxBytes of a blob that is read; larger ones are left out
   */
  public Intake(BlobSource blobs, long maxBytes) {
    this.blobs = blobs;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads a blob and puts it into the index, if it is text or JSON and still there. Where a delete
   * may come in between, the caller keeps both apart: storage deletes before it says so, so who
   * reads a blob after that finds nothing.
   *
   * @param storedBy empty if that is not known
   */
  void take(DocumentIndex index, String cid, long sizeBytes, String storedBy) {
    if (sizeBytes > maxBytes) {
      tooLarge.increment();
      return;
    }
    Optional<Fetched> fetched = blobs.fetch(cid);
    if (fetched.isEmpty()) {
      return;
    }
    byte[] bytes = fetched.get().bytes();
    Optional<Content> content = Content.of(bytes);
    if (content.isEmpty()) {
      unreadable.increment();
      return;
    }
    index.put(
        new Entry(cid, bytes.length, fetched.get().storedAtSeconds(), storedBy, content.get()));
    indexed.increment();
  }

  void remove(DocumentIndex index, String cid) {
    index.delete(cid);
    deleted.increment();
  }

  /** Since the start: documents put into the index. */
  public long indexed() {
    return indexed.sum();
  }

  public long deleted() {
    return deleted.sum();
  }

  /** Left out: larger than is read. */
  public long tooLarge() {
    return tooLarge.sum();
  }

  /** Left out: neither text nor JSON. */
  public long unreadable() {
    return unreadable.sum();
  }
}
