package blackhole.orchestrator.supervision;

import blackhole.orchestrator.config.MachineMemory;
import java.util.Set;

/**
 * What bounds the number of instances, beside the configuration.
 *
 * @param single the services whose data one process at a time may use
 */
public record Capacity(Set<String> single, MachineMemory memory) {
  /** Nothing does. */
  public static final Capacity UNBOUNDED = new Capacity(Set.of(), MachineMemory.UNKNOWN);

  public Capacity {
    single = Set.copyOf(single);
  }
}
