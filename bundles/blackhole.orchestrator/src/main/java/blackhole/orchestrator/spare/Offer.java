package blackhole.orchestrator.spare;

import blackhole.api.process.RunningProcess;
import java.util.Optional;

/**
 * What the start of an instance gets of a pool.
 *
 * @param spare belongs to the caller now; empty for a cold start
 * @param reason for the cold start, in words; empty where no spares are wanted, or not yet
 */
public record Offer(Optional<Taken> spare, String reason) {
  /** A spare with its process. */
  public record Taken(Spare spare, RunningProcess process) {
    public String hostId() {
      return spare.hostId();
    }
  }

  static Offer none(String reason) {
    return new Offer(Optional.empty(), reason);
  }

  static Offer of(Taken spare) {
    return new Offer(Optional.of(spare), "");
  }
}
