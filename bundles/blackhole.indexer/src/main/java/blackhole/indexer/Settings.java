package blackhole.indexer;

import static blackhole.api.service.CustomSettings.whole;

import java.time.Duration;
import java.util.List;

/**
 * The service's settings, checked.
 *
 * @param maxDocumentBytes of a blob that is read
 * @param bufferBytes of documents that are gathered in memory
 * @param searchTimeout of one search
 */
record Settings(
    long maxDocumentBytes, long bufferBytes, Duration commitInterval, Duration searchTimeout) {
  /** As written under {@code custom:}. */
  static final List<String> KEYS =
      List.of("max_document_size", "buffer_size", "commit_interval", "search_timeout");

  private static final long MAX_DOCUMENT = 16 << 20;
  private static final long MIN_BUFFER = 1 << 20;
  private static final long MAX_BUFFER = 1 << 30;
  private static final long MIN_INTERVAL = 10;
  private static final long MAX_INTERVAL = Duration.ofHours(1).toMillis();
  private static final long MAX_SEARCH = Duration.ofMinutes(5).toMillis();

  /**
   * @throws IllegalArgumentException naming the key under {@code custom:} that is wrong, what it
   *     is, and what was expected
   */
  static Settings of(IndexerCore.Config config) {
    return new Settings(
        whole("max_document_size", config::maxDocumentSize, 1, MAX_DOCUMENT),
        whole("buffer_size", config::bufferSize, MIN_BUFFER, MAX_BUFFER),
        Duration.ofMillis(
            whole("commit_interval", config::commitInterval, MIN_INTERVAL, MAX_INTERVAL)),
        Duration.ofMillis(whole("search_timeout", config::searchTimeout, 1, MAX_SEARCH)));
  }
}
