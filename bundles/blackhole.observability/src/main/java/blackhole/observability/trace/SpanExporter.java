package blackhole.observability.trace;

import blackhole.api.observe.Span;
import blackhole.api.observe.SpanSink;
import blackhole.observability.http.JsonPost;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans to a collector, on a thread of its own. A collector that is slow, or gone, costs the
 * spans that it misses and nothing else: they wait in a queue that is bounded, and a batch that
 * could not be sent is not sent again. Thread-safe.
 */
final class SpanExporter implements SpanSink, AutoCloseable {
  private static final Logger LOG = System.getLogger(SpanExporter.class.getName());

  private static final int MOST_WAITING = 8_192;
  private static final int MOST_IN_A_BATCH = 512;
  private static final long LAST_WORDS_MILLIS = 1_000;

  private final URI endpoint;
  private final SpanFormat format;
  private final String nodeId;
  private final BlockingQueue<Span> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread = new Thread(this::run, "span-exporter");
  private volatile boolean closed;
  private volatile @Nullable String problem;

  SpanExporter(URI endpoint, SpanFormat format, String nodeId) {
    this.endpoint = endpoint;
    this.format = format;
    this.nodeId = nodeId;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void ended(List<Span> spans) {
    for (Span span : spans) {
      if (closed || !waiting.offer(span)) {
        lost.incrementAndGet();
      }
    }
  }

  /** Why spans do not arrive; empty when they do. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Spans that were not sent, since the start. */
  long lost() {
    return lost.get();
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        // woken up now and then, to see that it is closed
        @Nullable Span first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Span> batch = new ArrayList<>();
          batch.add(first);
          waiting.drainTo(batch, MOST_IN_A_BATCH - 1);
          send(batch);
        }
      }
    } catch (InterruptedException e) {
      // closed, and out of time
    }
  }

  private void send(List<Span> batch) {
    try {
      JsonPost.send(endpoint, format.write(batch, nodeId));
      if (problem != null) {
        problem = null;
        LOG.log(Level.INFO, "spans are sent to {0} again", endpoint);
      }
    } catch (IOException | RuntimeException e) {
      lost.addAndGet(batch.size());
      if (problem == null) {
        LOG.log(
            Level.WARNING,
            "spans cannot be sent to {0}, and are lost until they can: {1}",
            endpoint,
            e.toString());
      }
      problem = e.toString();
    }
  }

  /** Sends what is waiting, if that is quickly done. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(LAST_WORDS_MILLIS);
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
