package blackhole.sqlite.outbox;

import blackhole.api.events.Event;
import blackhole.api.events.EventBus;
import blackhole.api.observe.TraceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An event stream in memory, which knows an event that comes again, as the real one does. */
final class TestStream implements EventBus {
  // guarded by this
  private final List<Event> log = new ArrayList<>();
  private final List<Optional<String>> traces = new ArrayList<>();
  private int calls;
  private @Nullable RuntimeException refusal;
  private boolean silent;

  /** From now on this is the answer; null to take events again. */
  synchronized void refuse(@Nullable RuntimeException failure) {
    refusal = failure;
  }

  /** From now on events are taken, and nobody is told: as when a process ends before it knows. */
  synchronized void fallSilent() {
    silent = true;
  }

  @Override
  public synchronized CompletableFuture<Long> publish(Event event) {
    calls++;
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    if (log.stream().noneMatch(known -> known.id().equals(event.id()))) {
      log.add(event);
      traces.add(TraceContext.currentTraceId());
    }
    return silent ? new CompletableFuture<>() : CompletableFuture.completedFuture(1L);
  }

  synchronized List<Event> log() {
    return List.copyOf(log);
  }

  /** In which each was published. */
  synchronized List<Optional<String>> traces() {
    return List.copyOf(traces);
  }

  synchronized List<String> types() {
    return log.stream().map(Event::type).toList();
  }

  synchronized int calls() {
    return calls;
  }
}
