package blackhole.indexer.feed;

import blackhole.indexer.index.DocumentIndex;
import java.io.IOException;

/** The index that is open. One that failed is opened again, from its last commit. Thread-safe. */
public final class IndexHolder implements AutoCloseable {
  /** Opens the index. */
  @FunctionalInterface
  public interface Opening {
    DocumentIndex open() throws IOException;
  }

  private final Opening opening;
  private volatile DocumentIndex index;

  public IndexHolder(Opening opening) throws IOException {
    this.opening = opening;
    this.index = opening.open();
  }

  public DocumentIndex get() {
    return index;
  }

  /** Whether it was opened again: what was not committed is gone from it. */
  synchronized boolean mend() throws IOException {
    if (index.failure() == null) {
      return false;
    }
    index.close();
    index = opening.open();
    return true;
  }

  @Override
  public synchronized void close() throws IOException {
    index.close();
  }
}
