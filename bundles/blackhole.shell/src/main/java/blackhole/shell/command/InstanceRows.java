package blackhole.shell.command;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import blackhole.api.supervision.InstanceStatus;
import blackhole.shell.render.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Instances as {@code ps} and {@code info} show them, with what their processes use. */
final class InstanceRows {
  private final ProcessLauncher processes;
  private final ProcessSampler sampler;
  private final CpuMeter cpu = new CpuMeter();

  InstanceRows(ProcessLauncher processes, ProcessSampler sampler) {
    this.processes = processes;
    this.sampler = sampler;
  }

  /** One row each, in the same order. */
  List<Map<String, @Nullable Object>> of(List<InstanceStatus> instances) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (InstanceStatus status : instances) {
      Optional<ProcessIdentity> process =
          status.pid().isPresent() ? processes.find(status.pid().getAsLong()) : Optional.empty();
      rows.add(row(status, process));
    }
    return rows;
  }

  private Map<String, @Nullable Object> row(
      InstanceStatus status, Optional<ProcessIdentity> process) {
    Optional<ProcessSample> sample = process.flatMap(sampler::sample);
    OptionalDouble cores =
        process.isPresent() && sample.isPresent()
            ? cpu.look(process.get(), sample.get(), System.nanoTime())
            : OptionalDouble.empty();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", status.id().service());
    row.put("instance", status.id().instance());
    row.put("state", status.state().name());
    row.put("health", status.health().name().toLowerCase(Locale.ROOT));
    row.put("message", status.message());
    row.put("pid", status.pid().isPresent() ? status.pid().getAsLong() : null);
    row.put("uptime_seconds", status.uptime().map(uptime -> uptime.toSeconds()).orElse(null));
    row.put("restarts", status.restarts());
    row.put("last_restart", status.lastRestart().map(Units::time).orElse(null));
    row.put("last_exit", status.lastExit().orElse(null));
    row.put("socket", status.socket().toString());
    row.put("port", status.port().isPresent() ? status.port().getAsInt() : null);
    row.put("rss_bytes", sample.map(ProcessSample::rssBytes).orElse(null));
    row.put("cpu_cores", cores.isPresent() ? cores.getAsDouble() : null);
    row.put("bundle_version", status.bundleVersion().orElse(null));
    return row;
  }

  /** A service that is configured, but not wanted. */
  static Map<String, @Nullable Object> disabled(String service) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", service);
    row.put("instance", 1);
    row.put("state", "STOPPED");
    row.put("health", "down");
    row.put("message", "disabled in the configuration");
    row.put("pid", null);
    row.put("uptime_seconds", null);
    row.put("restarts", 0);
    row.put("last_restart", null);
    row.put("last_exit", null);
    row.put("socket", null);
    row.put("port", null);
    row.put("rss_bytes", null);
    row.put("cpu_cores", null);
    row.put("bundle_version", null);
    return row;
  }
}
