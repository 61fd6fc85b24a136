package blackhole.orchestrator.update;

import blackhole.api.supervision.SupervisionException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is under way, or waits for that. Some of it may wait in line, and some wants to be alone: it
 * is refused when there is anything else. Thread-safe.
 */
final class Turns {
  /** In words, such as "storage is being updated"; guarded by itself. */
  private final Deque<String> open = new ArrayDeque<>();

  /** It goes on until {@link #leave}, or waits for its turn. */
  void enter(String what) {
    synchronized (open) {
      open.add(what);
    }
  }

  /**
   * As {@link #enter}, if there is nothing else.
   *
   * @throws SupervisionException when there is, which says so
   */
  void enterAlone(String what) {
    synchronized (open) {
      String other = open.peek();
      if (other != null) {
        throw new SupervisionException(other + ": try again when that is done, see: ps");
      }
      open.add(what);
    }
  }

  void leave(String what) {
    synchronized (open) {
      open.remove(what);
    }
  }
}
