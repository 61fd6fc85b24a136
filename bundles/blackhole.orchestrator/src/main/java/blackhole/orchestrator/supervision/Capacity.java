package blackhole.orchestrator.supervision;

import blackhole.orchestrator.config.MachineMemory;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What bounds the number of instances, beside the configuration.
 *
 * @param single the services whose data one process at a time may use
 * @param memoryBytes what an instance of a service may use, which may change while it runs
 */
public record Capacity(
    Set<String> single, MachineMemory memory, ToLongFunction<ServiceConfig> memoryBytes) {
  /** Nothing does. */
  public static final Capacity UNBOUNDED = new Capacity(Set.of(), MachineMemory.UNKNOWN);

  /** With the memory that the configuration gives a service at its start. */
  public Capacity(Set<String> single, MachineMemory memory) {
    this(single, memory, service -> service.limits().maxMemoryBytes());
  }

  /** The same, when others of the services are those with data for one process. */
  Capacity withSingle(Set<String> others) {
    return new Capacity(others, memory, memoryBytes);
  }

  public Capacity {
    single = Set.copyOf(single);
  }
}
