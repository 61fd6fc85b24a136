package blackhole.orchestrator.supervision;

import java.util.Optional;

/**
 * What is known about a run beside its exit code.
 *
 * @param lastStep of its start, as the host told it
 * @param startFailure why the host could not start, in its own words
 * @param outOfMemory in words, when something shows that it was killed for its memory
 */
record Evidence(
    Optional<String> lastStep, Optional<String> startFailure, Optional<String> outOfMemory) {
  static final Evidence NONE = new Evidence(Optional.empty(), Optional.empty(), Optional.empty());

  Evidence withStep(String step) {
    return new Evidence(Optional.of(step), startFailure, outOfMemory);
  }

  Evidence withStartFailure(String reason) {
    return new Evidence(lastStep, Optional.of(reason), outOfMemory);
  }

  Evidence withOutOfMemory(Optional<String> found) {
    return new Evidence(lastStep, startFailure, found);
  }
}
