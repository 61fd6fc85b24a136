package blackhole.api.events;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gets events of the node; registered as a DS service. As long as it is, the platform subscribes
 * for it, again and again when that breaks off, and goes on where it was: each event is delivered
 * at least once while the process lives, however slow the listener is, unless the stream does not
 * keep it for so long.
 */
@ConsumerType
public interface EventListener {
  /**
   * Which types: {@code *} stands for any word, and as the last one for one or more: {@code did.*}.
   * Asked once. Each has a stream of its own, so an event that several match comes several times.
   */
  List<String> types();

  /**
   * The first position of interest; 0 for what is published from now on, 1 for all that is kept.
   * Asked once.
   */
  default long from() {
    return 0;
  }

  /**
   * Instances of a service that name the same group share the events, and the stream keeps their
   * place, also while none of them is there. An event is another instance's when the process dies
   * before {@link #onEvent} has returned, so each is delivered at least once to one of them. Empty
   * for a listener that gets all. Asked once.
   */
  default String group() {
    return "";
  }

  /**
   * Called by one thread at a time, in the order of positions within a type; may block. What it
   * throws is logged, and the next event follows. One that is running when the listener is
   * unregistered is not waited for.
   */
  void onEvent(Event event);
}
