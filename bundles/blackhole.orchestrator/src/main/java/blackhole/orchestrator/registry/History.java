package blackhole.orchestrator.registry;

import blackhole.api.registry.RegistryEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The last events, for watches that resume. Lives in a serial context. */
final class History {
  private final int capacity;
  private final Deque<RegistryEvent> events = new ArrayDeque<>();

  /** The newest revision that is not known any more. */
  private long compacted;

  History(int capacity) {
    this.capacity = capacity;
  }

  void add(RegistryEvent event) {
    events.addLast(event);
    if (events.size() > capacity) {
      compacted = events.removeFirst().revision();
    }
  }

  /** What happened after this revision; empty when that is not known any more. */
  Optional<List<RegistryEvent>> after(long revision) {
    return revision < compacted
        ? Optional.empty()
        : Optional.of(events.stream().filter(event -> event.revision() > revision).toList());
  }
}
