package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import java.time.Instant;

/** Keeps what happened to instances, why, and who wanted it. */
@FunctionalInterface
public interface Journal {
  /** Called in the order of events; must not block. */
  void record(Entry entry);

  /**
   * One event.
   *
   * @param from as {@code to} when the state did not change
   * @param who an operator, or {@code supervisor}
   * @param warning whether an operator should look into it
   */
  record Entry(
      Instant time,
      InstanceId id,
      InstanceState from,
      InstanceState to,
      String cause,
      String who,
      boolean warning) {
    /** One line for a log. */
    public String line() {
      String states = from == to ? to.toString() : from + " -> " + to;
      return id + " " + states + ": " + cause + " (" + who + ")";
    }
  }
}
