package blackhole.analytics.count;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tells an event that comes again from one of a stream that was replaced by another: both have a
 * position that was passed already, but only the first was among the last events. Used by one
 * thread at a time.
 */
public final class Positions {
  private static final int REMEMBERED = 1000;

  /** What became of an event. */
  public enum Verdict {
    NEW,
    AGAIN,
    /** The first of another stream, whose positions begin anew. */
    OTHER_STREAM
  }

  private final Set<String> recent = new LinkedHashSet<>();
  private long last;
  private String lastName = "";

  /**
   * @param last that was counted; 0 for none
   * @param name of the event at it, as {@link #lastName} gave it; empty if that is not known
   */
  public Positions(long last, String name) {
    this.last = last;
    if (!name.isEmpty()) {
      recent.add(name);
      lastName = name;
    }
  }

  public long last() {
    return last;
  }

  /** Of the event at {@link #last}; empty if that is not known. */
  public String lastName() {
    return lastName;
  }

  /** What no other event of a stream has. */
  private static String name(Observation event) {
    return event.source() + '\n' + event.id();
  }

  /** Anything but {@link Verdict#AGAIN} is the last one from now on. */
  public Verdict next(Observation event) {
    String name = name(event);
    boolean passed = event.position() <= last;
    if (passed && recent.contains(name)) {
      return Verdict.AGAIN;
    }
    if (recent.size() >= REMEMBERED) {
      recent.remove(recent.iterator().next());
    }
    recent.add(name);
    last = event.position();
    lastName = name;
    return passed ? Verdict.OTHER_STREAM : Verdict.NEW;
  }
}
