package blackhole.indexer.feed;

import java.util.List;
import java.util.Optional;

/**
 * Where blobs are. Its methods block; they fail with any unchecked exception, to be tried again.
 */
public interface BlobSource extends AutoCloseable {
  /** A blob's name and size. */
  record Listed(String cid, long sizeBytes) {}

  /**
   * Some of all blobs.
   *
   * @param next asks for those that follow; empty after the last
   */
  record Page(List<Listed> blobs, String next) {}

  /** A blob. */
  record Fetched(byte[] bytes, long storedAtSeconds) {}

  /**
   * @param token of the page before; empty for the first page
   */
  Page list(String token);

  /** The whole of a blob; empty if it is not there (any more), or damaged. */
  Optional<Fetched> fetch(String cid);

  /** What is being asked for fails, and so does what will be. */
  @Override
  void close();
}
