package blackhole.observability.metrics;

import static blackhole.observability.metrics.InstanceMetrics.gauge;

import blackhole.api.metrics.Metric;
import blackhole.api.process.CgroupCounters;
import blackhole.api.supervision.ProcessUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the system says of a process, under the names that Prometheus' own clients have for it. They
 * are the process's, not the instance's: they begin anew with each.
 */
final class ProcessMetrics {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  private ProcessMetrics() {}

  /** Of an instance's process. */
  static List<Metric> of(ProcessUsage usage) {
    List<Metric> metrics =
        new ArrayList<>(
            measured(usage.cpuTime(), usage.rssBytes(), usage.openFds(), usage.threads()));
    usage
        .pssBytes()
        .ifPresent(
            pss ->
                metrics.add(
                    gauge(
                        "process_proportional_memory_bytes",
                        "Its own memory, with its part of what it shares (PSS); measured once a"
                            + " minute or so.",
                        pss)));
    usage
        .memoryLimitBytes()
        .ifPresent(
            limit ->
                metrics.add(
                    gauge(
                        "blackhole_instance_memory_limit_bytes",
                        "What the process may use in all, heap included.",
                        limit)));
    usage.cgroup().ifPresent(counters -> metrics.addAll(counted(counters)));
    return metrics;
  }

  static List<Metric> measured(Duration cpuTime, long rssBytes, int openFds, int threads) {
    return List.of(
        counter(
            "process_cpu_seconds_total",
            "User and system time since the start of the process.",
            cpuTime.toNanos() / NANOS_PER_SECOND),
        gauge("process_resident_memory_bytes", "Resident memory (RSS).", rssBytes),
        gauge("process_open_fds", "Open file descriptors.", openFds),
        gauge("process_threads", "Threads, as the kernel counts them.", threads));
  }

  /** Who it is, and since when. */
  static List<Metric> identity(long pid, Instant started, Duration uptime) {
    return List.of(
        gauge("process_pid", "The number of the process.", pid),
        gauge(
            "process_start_time_seconds",
            "When the process was started, in Unix time.",
            started.toEpochMilli() / MILLIS_PER_SECOND),
        gauge(
            "process_uptime_seconds",
            "How long ago that was, by a clock that does not jump.",
            uptime.toMillis() / MILLIS_PER_SECOND));
  }

  private static List<Metric> counted(CgroupCounters counters) {
    List<Metric> metrics = new ArrayList<>();
    counters
        .throttledTime()
        .ifPresent(
            time ->
                metrics.add(
                    counter(
                        "blackhole_instance_cpu_throttled_seconds_total",
                        "How long its threads were kept from running for max_cpu.",
                        time.toNanos() / NANOS_PER_SECOND)));
    counters
        .oomKills()
        .ifPresent(
            kills ->
                metrics.add(
                    counter(
                        "blackhole_instance_oom_kills_total",
                        "Processes of its cgroup that the kernel killed for max_memory.",
                        kills)));
    return metrics;
  }

  private static Metric counter(String name, String help, double value) {
    return Metric.counter(name, help).with(value).build();
  }
}
