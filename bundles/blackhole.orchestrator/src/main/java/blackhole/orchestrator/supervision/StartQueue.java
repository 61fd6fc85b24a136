package blackhole.orchestrator.supervision;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who starts at present, and who waits for nothing but a turn: kept from change to change, so that
 * nobody has to look through all instances for it. Lives in the serial context.
 */
final class StartQueue {
  private final Set<ManagedInstance> starting = new HashSet<>();
  private final Map<ManagedInstance, Place> places = new HashMap<>();
  private final TreeSet<Place> waiting =
      new TreeSet<>(Comparator.comparingLong(Place::since).thenComparingLong(Place::number));
  private long numbers;

  /**
   * @param number breaks ties: first come, first served
   */
  private record Place(long since, long number, ManagedInstance instance) {}

  /** An instance may be in another state than before. */
  void changed(ManagedInstance instance) {
    if (instance.state() instanceof Starting) {
      starting.add(instance);
    } else {
      starting.remove(instance);
    }
    @Nullable Place before = places.get(instance);
    if (instance.state() instanceof Queued queued) {
      if (before == null || before.since != queued.since()) {
        leave(before);
        Place place = new Place(queued.since(), ++numbers, instance);
        places.put(instance, place);
        waiting.add(place);
      }
    } else {
      leave(before);
    }
  }

  private void leave(@Nullable Place place) {
    if (place != null) {
      places.remove(place.instance());
      waiting.remove(place);
    }
  }

  int starting() {
    return starting.size();
  }

  /** Of those that wait, who has waited longest. */
  Optional<ManagedInstance> next() {
    return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.first().instance());
  }
}
