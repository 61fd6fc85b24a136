package blackhole.identity;

import blackhole.api.events.Event;
import blackhole.api.events.EventBus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** An event stream in memory, which knows an event that comes again, as the real one does. */
final class TestStream implements EventBus {
  private final Map<String, Event> log = new LinkedHashMap<>(); // guarded by this

  @Override
  public synchronized CompletableFuture<Long> publish(Event event) {
    log.putIfAbsent(event.id(), event);
    return CompletableFuture.completedFuture((long) log.size());
  }

  synchronized List<Event> log() {
    return List.copyOf(log.values());
  }
}
