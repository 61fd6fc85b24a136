package blackhole.endpoint.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Handlers of one registration, as far as calls are concerned: each call enters one at its start
 * and leaves it at its end, and one that is closed takes no more. It knows none of the handlers.
 * Thread-safe; entering and leaving take no lock.
 */
public final class Generation {
  private final AtomicInteger calls = new AtomicInteger();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private volatile boolean closed;

  /** Whether a call may start here; then it must leave. */
  boolean enter() {
    calls.incrementAndGet();
    if (closed) {
      leave();
      return false;
    }
    return true;
  }

  /** For a call without which one that is in flight here never ends. */
  void enterClosed() {
    calls.incrementAndGet();
  }

  void leave() {
    if (calls.decrementAndGet() == 0 && closed) {
      idle.complete(null);
    }
  }

  /** Takes no more calls. */
  public void close() {
    closed = true;
    if (calls.get() == 0) {
      idle.complete(null);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Completes once it is closed and its last call has ended. */
  public CompletableFuture<Void> idle() {
    return idle.copy();
  }
}
