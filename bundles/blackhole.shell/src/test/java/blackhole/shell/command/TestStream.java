package blackhole.shell.command;

import blackhole.api.supervision.NodeEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A stream that has what it was given. */
public final class TestStream implements NodeEvents {
  public final List<Occurrence> events = new ArrayList<>();
  public final List<String> asked = new ArrayList<>();

  @Override
  public List<Occurrence> last(Optional<String> type, int most) {
    asked.add(type.orElse("all") + " " + most);
    return events;
  }

  @Override
  public void follow(Optional<String> type, Runnable begun, Predicate<Occurrence> sink) {
    begun.run();
    for (Occurrence event : events) {
      if (!sink.test(event)) {
        return;
      }
    }
  }
}
