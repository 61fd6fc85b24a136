package blackhole.shell.command;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.Updates;
import blackhole.shell.render.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Instances as {@code ps} and {@code info} show them, with what their processes use. */
final class InstanceRows {
  private final Samples samples;
  private final Pressure pressure;
  private final Updates updates;

  InstanceRows(Samples samples, Pressure pressure, Updates updates) {
    this.samples = samples;
    this.pressure = pressure;
    this.updates = updates;
  }

  /** One row each, in the same order. */
  List<Map<String, @Nullable Object>> of(List<InstanceStatus> instances) {
    Map<InstanceId, ProcessUsage> usages =
        samples.look(Samples.Depth.QUICK).stream()
            .collect(Collectors.toMap(ProcessUsage::id, Function.identity()));
    List<Pressure.Signal> signals = pressure.signals();
    List<InstanceId> updating = updates.underWay();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (InstanceStatus status : instances) {
      // of the process that the row names, not of one that has taken its place meanwhile
      Optional<ProcessUsage> usage =
          Optional.ofNullable(usages.get(status.id()))
              .filter(seen -> status.pid().equals(OptionalLong.of(seen.pid())));
      rows.add(row(status, message(status, signals, updating), usage));
    }
    return rows;
  }

  /** With what presses on it, and what is done to it. */
  private static String message(
      InstanceStatus status, List<Pressure.Signal> signals, List<InstanceId> updating) {
    List<String> parts = new ArrayList<>();
    if (!status.message().isEmpty()) {
      parts.add(status.message());
    }
    signals.stream()
        .filter(signal -> signal.id().equals(status.id()))
        .map(Pressure.Signal::words)
        .forEach(parts::add);
    if (updating.contains(status.id())) {
      parts.add("updating");
    }
    return String.join("; ", parts);
  }

  private static Map<String, @Nullable Object> row(
      InstanceStatus status, String message, Optional<ProcessUsage> usage) {
    OptionalDouble cores = usage.map(ProcessUsage::cpuCores).orElse(OptionalDouble.empty());
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", status.id().service());
    row.put("instance", status.id().instance());
    row.put("state", status.state().name());
    row.put("health", status.health().name().toLowerCase(Locale.ROOT));
    row.put("message", message);
    row.put("pid", status.pid().isPresent() ? status.pid().getAsLong() : null);
    row.put("uptime_seconds", status.uptime().map(uptime -> uptime.toSeconds()).orElse(null));
    row.put("restarts", status.restarts());
    row.put("last_restart", status.lastRestart().map(Units::time).orElse(null));
    row.put("last_exit", status.lastExit().orElse(null));
    row.put("socket", status.socket().toString());
    row.put("port", status.port().isPresent() ? status.port().getAsInt() : null);
    row.put("rss_bytes", usage.map(ProcessUsage::rssBytes).orElse(null));
    row.put("cpu_cores", cores.isPresent() ? cores.getAsDouble() : null);
    row.put("bundle_version", status.bundleVersion().orElse(null));
    return row;
  }

  /** A service that is configured, but not wanted. */
  static Map<String, @Nullable Object> disabled(String service) {
    Map<String, @Nullable Object> row = none(service, 1);
    row.put("state", "STOPPED");
    row.put("health", "down");
    row.put("message", "disabled in the configuration");
    return row;
  }

  /** A host that has no service yet; no name of a service looks like it. */
  static Map<String, @Nullable Object> spare(int number, Spares.Spare spare) {
    Map<String, @Nullable Object> row = none("(spare)", number);
    row.put("state", spare.warm() ? "READY" : "STARTING");
    row.put("health", "unknown");
    row.put("message", spare.message());
    row.put("pid", spare.pid().isPresent() ? spare.pid().getAsLong() : null);
    row.put("uptime_seconds", spare.uptime().toSeconds());
    row.put("rss_bytes", spare.rssBytes().isPresent() ? spare.rssBytes().getAsLong() : null);
    return row;
  }

  /** Every key, of something that is no instance. */
  private static Map<String, @Nullable Object> none(String service, int instance) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", service);
    row.put("instance", instance);
    row.put("state", null);
    row.put("health", null);
    row.put("message", "");
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
