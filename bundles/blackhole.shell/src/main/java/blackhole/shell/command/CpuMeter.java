package blackhole.shell.command;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * How many cores a process has used between two looks at it. The kernel counts CPU time in steps of
 * 10 ms, so looks that follow each other closely share an answer. Thread-safe.
 */
final class CpuMeter {
  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** The last look that counted, and what it said. */
  private record Look(long timeNanos, long cpuNanos, OptionalDouble cores) {}

  private static final int MOST_PROCESSES = 1000;

  private final Map<ProcessIdentity, Look> looks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ProcessIdentity, Look> eldest) {
          return size() > MOST_PROCESSES;
        }
      };

  /** Empty at the first look. */
  synchronized OptionalDouble look(ProcessIdentity process, ProcessSample sample, long nowNanos) {
    long cpuNanos = sample.cpuTime().toNanos();
    Look last = looks.get(process);
    if (last == null) {
      looks.put(process, new Look(nowNanos, cpuNanos, OptionalDouble.empty()));
      return OptionalDouble.empty();
    }
    long elapsed = nowNanos - last.timeNanos();
    if (elapsed < SHORTEST_NANOS) {
      return last.cores();
    }
    double cores = Math.max(0, cpuNanos - last.cpuNanos()) / (double) elapsed;
    OptionalDouble rounded = OptionalDouble.of(Math.round(cores * 1000) / 1000.0);
    looks.put(process, new Look(nowNanos, cpuNanos, rounded));
    return rounded;
  }
}
