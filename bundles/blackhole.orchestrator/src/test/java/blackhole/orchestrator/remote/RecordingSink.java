package blackhole.orchestrator.remote;

import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.supervision.InstanceHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Keeps all that it is told. */
final class RecordingSink implements RemoteSink {
  private static final long DEADLINE_SECONDS = 30;

  private final List<Change> changes = new ArrayList<>();
  private int seen;

  record Change(RegisteredEndpoint endpoint, Map<String, Idempotency> methods) {
    InstanceHealth health() {
      return endpoint.health();
    }

    String message() {
      return endpoint.message();
    }
  }

  @Override
  public synchronized void changed(RegisteredEndpoint endpoint, Map<String, Idempotency> methods) {
    changes.add(new Change(endpoint, methods));
    notifyAll();
  }

  @Override
  public synchronized void seen(String service, String endpointId, Instant time) {
    seen++;
    notifyAll();
  }

  synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  /** The latest change, once it is such. */
  synchronized Change await(Predicate<Change> condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (changes.isEmpty() || !condition.test(changes.get(changes.size() - 1))) {
      waitUntil(end);
    }
    return changes.get(changes.size() - 1);
  }

  Change await(InstanceHealth health) throws InterruptedException {
    return await(change -> change.health() == health);
  }

  /** Waits for this many more answers that changed nothing. */
  synchronized void awaitSeen(int more) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    int target = seen + more;
    while (seen < target) {
      waitUntil(end);
    }
  }

  private void waitUntil(long end) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (left <= 0) {
      throw new AssertionError("nothing like it in time; last: " + changes);
    }
    wait(left);
  }
}
