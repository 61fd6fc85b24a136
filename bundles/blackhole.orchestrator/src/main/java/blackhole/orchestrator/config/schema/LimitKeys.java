package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.JvmFlags;
import java.time.Duration;

/** {@code resource_limits:} of a service, for each of its instances. */
public final class LimitKeys {
  public static final Key<Long> MAX_MEMORY =
      Key.of(
          "services.*.resource_limits.max_memory",
          new SizeType(
              JvmFlags.MIN_MEMORY_BYTES,
              1024 * Types.GB,
              ", the least that a JVM with a gRPC server runs in"),
          "256MB",
          "256 MB for the whole process; the JVM's heap is computed from it");

  public static final Key<Double> MAX_CPU =
      Key.withoutDefault(
          "services.*.resource_limits.max_cpu",
          NumberType.above(0, 4096),
          "no CPU limit (the unit is cores)");

  /** In less than five milliseconds a thread does hardly more than come and go. */
  public static final Key<Duration> CPU_PERIOD =
      Key.of(
          "services.*.resource_limits.cpu_period",
          new DurationType(Duration.ofMillis(5), Duration.ofSeconds(1)),
          "100ms",
          "`max_cpu` is counted in each tenth of a second; shorter: shorter bursts, which the"
              + " others wait for, and shorter pauses after them");

  public static final Key<Integer> IO_PRIORITY =
      Key.of(
          "services.*.resource_limits.io_priority",
          new IntegerType(-20, 19),
          "0",
          "normal priority (-20 first, 19 last)");

  public static final Key<Integer> MAX_FILE_DESC =
      Key.withoutDefault(
          "services.*.resource_limits.max_file_desc",
          new IntegerType(64, 1 << 20),
          "the node's own limit of open files");

  public static final Key<Integer> MAX_THREADS =
      Key.withoutDefault(
          "services.*.resource_limits.max_threads",
          new IntegerType(64, 1 << 20),
          "no limit of threads (of the host and all it starts)");

  private LimitKeys() {}
}
