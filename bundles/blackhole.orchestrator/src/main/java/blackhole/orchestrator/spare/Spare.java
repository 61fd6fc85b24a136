package blackhole.orchestrator.spare;

import blackhole.api.process.RunningProcess;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A host without a service, in one pool. All but its id is guarded by the pool. */
public final class Spare {
  enum State {
    STARTING,
    WARM,
    /** It belongs to an instance, whose business its end is. */
    TAKEN,
    /** It is to end, or has ended. */
    ENDING
  }

  private final String hostId;
  final long startedNanos;
  State state = State.STARTING;
  @Nullable RunningProcess process;

  /** Its process has. */
  boolean ended;

  Spare(String hostId, long startedNanos) {
    this.hostId = hostId;
    this.startedNanos = startedNanos;
  }

  public String hostId() {
    return hostId;
  }

  Optional<RunningProcess> process() {
    return Optional.ofNullable(process);
  }
}
