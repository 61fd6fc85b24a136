package blackhole.orchestrator.supervision;

import blackhole.orchestrator.evidence.Findings;
import java.util.Optional;

/**
 * What is known about a run beside its exit code.
 *
 * @param lastStep of its start, as the host told it
 * @param startFailure why the host could not start, in its own words
 * @param findings what it left behind; none before its end
 */
record Evidence(Optional<String> lastStep, Optional<String> startFailure, Findings findings) {
  static final Evidence NONE = new Evidence(Optional.empty(), Optional.empty(), Findings.NONE);

  Evidence withStep(String step) {
    return new Evidence(Optional.of(step), startFailure, findings);
  }

  Evidence withStartFailure(String reason) {
    return new Evidence(lastStep, Optional.of(reason), findings);
  }

  Evidence with(Findings found) {
    return new Evidence(lastStep, startFailure, found);
  }
}
