package blackhole.api.supervision;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a part of the node wants an operator to look into, and the node runs all the same; {@code
 * info} and {@code doctor} show it. Registered as a DS service, by any number of parts. Called from
 * any thread; answers at once.
 */
@ConsumerType
@FunctionalInterface
public interface NodeWarnings {
  /** Those that hold now. */
  List<Warning> warnings();

  /**
   * One of them.
   *
   * @param about what it concerns, in a word
   * @param what is wrong
   * @param advice what to do
   */
  record Warning(String about, String what, String advice) {}
}
