package blackhole.shell.doctor;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Pressure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the orchestrator knows of its instances, read for trouble. */
public final class InstanceChecks {
  private InstanceChecks() {}

  /** What does not run, or not well. */
  public static List<Finding> states(List<InstanceStatus> instances) {
    List<Finding> findings = new ArrayList<>();
    for (InstanceStatus one : instances) {
      switch (one.state()) {
        case FAILED ->
            findings.add(
                Finding.error(
                    one.id(),
                    "FAILED: " + one.message(),
                    "'info " + one.id() + "' shows why; then 'start " + one.id() + "'"));
        case BACKOFF ->
            findings.add(
                Finding.warning(
                    one.id(),
                    "ended, and waits for its next start: " + one.message(),
                    "'info " + one.id() + "' shows why it ended"));
        case STARTING -> waiting(one, findings);
        case READY -> health(one, findings);
        case DRAINING, STOPPED -> {}
      }
    }
    return findings;
  }

  /** A host says what its service lacks, to the end of the chain. */
  private static void waiting(InstanceStatus one, List<Finding> findings) {
    if (one.message().contains("waits for")) {
      findings.add(
          Finding.warning(
              one.id(),
              "STARTING: " + one.message(),
              "what it waits for must be offered by a bundle in its host: 'bundles "
                  + one.id()
                  + "' lists them"));
    }
  }

  private static void health(InstanceStatus one, List<Finding> findings) {
    String advice = "'health " + one.id() + "' shows which check says so";
    if (!one.health().isUsable()) {
      findings.add(Finding.error(one.id(), health(one), advice));
    } else if (one.health() == InstanceHealth.DEGRADED) {
      findings.add(Finding.warning(one.id(), health(one), advice));
    }
  }

  private static String health(InstanceStatus one) {
    return one.health().name().toLowerCase(Locale.ROOT) + ": " + one.message();
  }

  /** What presses on whom. */
  public static List<Finding> pressure(List<Pressure.Signal> signals) {
    return signals.stream()
        .map(
            signal ->
                Finding.warning(
                    signal.id(),
                    signal.words(),
                    "give it more under resource_limits and 'reload', or more instances"))
        .toList();
  }

  /** Limits that do not hold what runs: one finding for all that lack it for the same reason. */
  public static List<Finding> limits(List<InstanceStatus> instances, List<InstanceLimit> limits) {
    Set<InstanceId> running = new LinkedHashSet<>();
    instances.stream()
        .filter(one -> one.state() == InstanceState.READY)
        .forEach(one -> running.add(one.id()));
    Map<String, Set<String>> byReason = new LinkedHashMap<>();
    for (InstanceLimit limit : limits) {
      if (running.contains(limit.id())) {
        limit
            .reason()
            .ifPresent(
                reason ->
                    byReason
                        .computeIfAbsent(
                            limit.limit() + " is not enforced: " + reason,
                            unused -> new LinkedHashSet<>())
                        .add(limit.id().service()));
      }
    }
    return byReason.entrySet().stream()
        .map(
            entry ->
                Finding.warning(
                    String.join(", ", entry.getValue()),
                    entry.getKey(),
                    "the README says under 'What holds a process to its limits' what it takes"))
        .toList();
  }
}
