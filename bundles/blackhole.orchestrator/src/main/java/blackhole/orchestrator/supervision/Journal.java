package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import java.time.Instant;

/** Keeps what happened to instances and services, why, and who wanted it. */
public interface Journal {
  /** Called in the order of events; must not block. */
  void record(Entry entry);

  /** As {@link #record}, for what concerns a service as a whole. */
  void decided(Decision decision);

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

  /** What can be decided on. */
  enum Topic {
    SCALING("scaling"),
    UPDATE("update");

    private final String word;

    Topic(String word) {
      this.word = word;
    }

    /** In lower case, as part of an event's type. */
    public String word() {
      return word;
    }
  }

  /**
   * Something that was decided for a service, or refused.
   *
   * @param topic what it is about
   * @param words what, and why, with the numbers
   * @param who as in {@link Entry}, or {@code scaler}
   * @param warning as in {@link Entry}
   */
  record Decision(
      Instant time, String service, Topic topic, String words, String who, boolean warning) {
    /** One line for a log. */
    public String line() {
      return service + ": " + words + " (" + who + ")";
    }
  }
}
