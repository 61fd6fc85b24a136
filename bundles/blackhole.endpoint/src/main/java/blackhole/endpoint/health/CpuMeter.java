package blackhole.endpoint.health;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The processor time of this process as a number of cores: the mean since the last reading, over at
 * least a second, so that several readers don't shorten each other's interval to noise. The first
 * reading is the mean since the process started. Thread-safe.
 */
final class CpuMeter {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanoTime;
  private final Supplier<Optional<Duration>> cpuTime;
  private long lastNanos;
  private long lastCpuNanos;
  private OptionalDouble cores = OptionalDouble.empty();

  /**
   * @param startedNanos when the process started, on the scale of {@code nanoTime}
   * @param cpuTime used by the process so far; empty where that can't be told
   */
  CpuMeter(long startedNanos, LongSupplier nanoTime, Supplier<Optional<Duration>> cpuTime) {
    this.lastNanos = startedNanos;
    this.nanoTime = nanoTime;
    this.cpuTime = cpuTime;
  }

  synchronized OptionalDouble cores() {
    long now = nanoTime.getAsLong();
    if (cores.isPresent() && now - lastNanos < INTERVAL_NANOS) {
      return cores;
    }
    cpuTime.get().map(Duration::toNanos).ifPresent(cpuNanos -> sample(now, cpuNanos));
    return cores;
  }

  private void sample(long now, long cpuNanos) {
    long elapsed = Math.max(1, now - lastNanos);
    cores = OptionalDouble.of(Math.max(0, cpuNanos - lastCpuNanos) / (double) elapsed);
    lastNanos = now;
    lastCpuNanos = cpuNanos;
  }
}
