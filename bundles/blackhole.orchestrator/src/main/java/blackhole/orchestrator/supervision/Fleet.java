package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The instances of a node, as whoever scales them sees and moves them. Thread-safe. */
public interface Fleet {
  /** As {@link blackhole.api.supervision.Supervisor#instances}. */
  List<InstanceStatus> instances();

  /**
   * Goes from one number of instances of a service to another, if that is still how many there are;
   * otherwise does nothing.
   *
   * @param why with the numbers, for the journal
   * @return completes as soon as that is under way, with why nothing was started; empty when
   *     something was, or had changed. Exceptionally, with a {@link
   *     blackhole.api.supervision.SupervisionException}, when the node stops
   */
  CompletionStage<Optional<String>> step(String service, int from, int to, String why);

  /** Writes into the journal why a service has as many instances as it has. */
  void note(String service, String words, boolean warning);
}
