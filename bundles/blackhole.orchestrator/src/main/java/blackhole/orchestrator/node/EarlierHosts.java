package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig.OrchestratorLoss;
import blackhole.orchestrator.plan.HostPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what earlier orchestrators left, and judges which of it goes on. Reads files, and ends and
 * starts nothing. A process is one of ours only if its number, its start time and the token in its
 * environment all match the record; anything else is a stranger.
 */
final class EarlierHosts {
  private final HostRecords records;
  private final HostFiles files;
  private final ProcessLauncher processes;
  private final NodeConfig config;
  private final HostPlan plan;

  EarlierHosts(
      HostRecords records,
      HostFiles files,
      ProcessLauncher processes,
      NodeConfig config,
      HostPlan plan) {
    this.records = records;
    this.files = files;
    this.processes = processes;
    this.config = config;
    this.plan = plan;
  }

  /**
   * One that does not go on.
   *
   * @param id of the instance that it was; empty for a spare
   * @param lives whether it is a process of ours; else only its files are left
   * @param why in words
   */
  record Leaving(HostRecord record, Optional<InstanceId> id, boolean lives, String why) {}

  /**
   * @param staying at most one for each instance
   */
  record Found(List<EarlierHost> staying, List<Leaving> leaving) {
    /** Of those that stay. */
    Set<Path> sockets() {
      return staying.stream().map(host -> host.record().socket()).collect(Collectors.toSet());
    }

    List<String> hostIds() {
      return Stream.concat(
              staying.stream().map(EarlierHost::record), leaving.stream().map(Leaving::record))
          .map(HostRecord::hostId)
          .toList();
    }
  }

  /**
   * @param unwanted whether an instance was to be down, whose process had not ended yet
   */
  Found find(Predicate<InstanceId> unwanted) throws IOException {
    Map<InstanceId, EarlierHost> staying = new HashMap<>();
    List<Leaving> leaving = new ArrayList<>();
    // the newest process of an instance is the one that goes on
    List<HostRecord> newestFirst =
        records.all().stream()
            .sorted(Comparator.comparingLong(EarlierHosts::generation).reversed())
            .toList();
    for (HostRecord record : newestFirst) {
      Optional<Assignment> assignment = assignment(record);
      Optional<InstanceId> id = assignment.map(EarlierHosts::id);
      Optional<String> refusal =
          id.filter(unwanted).isPresent()
              ? Optional.of("it was to stop")
              : refusal(record, assignment);
      if (!isOurs(record)) {
        leaving.add(new Leaving(record, id, false, "its process has ended"));
      } else if (refusal.isPresent()) {
        leaving.add(new Leaving(record, id, true, refusal.get()));
      } else if (staying.containsKey(id.orElseThrow())) {
        leaving.add(new Leaving(record, id, true, "a newer one has taken its place"));
      } else {
        staying.put(
            id.get(),
            new EarlierHost(
                record,
                record.duty().orElseThrow(),
                assignment.orElseThrow(),
                files.notedReady(record.hostId())));
      }
    }
    return new Found(List.copyOf(staying.values()), leaving);
  }

  private static long generation(HostRecord record) {
    return record.duty().map(HostRecord.Duty::generation).orElse(0L);
  }

  private static InstanceId id(Assignment assignment) {
    return new InstanceId(assignment.service(), assignment.instance());
  }

  private boolean isOurs(HostRecord record) {
    return processes.find(record.process().pid()).filter(record.process()::equals).isPresent()
        && processes
            .environment(record.process(), HostEnvironment.TOKEN)
            .filter(record.token()::equals)
            .isPresent();
  }

  /** What it was told to be; empty for a spare, and where that cannot be read any more. */
  private Optional<Assignment> assignment(HostRecord record) {
    if (record.duty().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(AssignmentFile.read(files.assignment(record.hostId())))
          .filter(read -> read.hostId().equals(record.hostId()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Why it cannot go on; empty when it can. */
  private Optional<String> refusal(HostRecord record, Optional<Assignment> assignment) {
    if (config.supervisor().onOrchestratorLoss() == OrchestratorLoss.STOP) {
      return Optional.of("on_orchestrator_loss is stop");
    }
    if (record.duty().isEmpty()) {
      return Optional.of(
          ArchiveTrainer.trains(record)
              ? "it makes a class-data archive for who is gone"
              : "it is a spare");
    }
    if (assignment.isEmpty()) {
      return Optional.of("what it was told to be cannot be read");
    }
    Assignment runs = assignment.get();
    Optional<ServiceConfig> service = config.enabled(runs.service());
    if (service.isEmpty()) {
      return Optional.of("service " + runs.service() + " is not to run");
    }
    if (!service.get().jvmArgs().equals(record.made().jvmArgs())) {
      return Optional.of("its jvm_args have changed");
    }
    return changed(record, runs, service.get());
  }

  private Optional<String> changed(HostRecord record, Assignment runs, ServiceConfig service) {
    try {
      Assignment planned =
          plan.assignment(id(runs), service, record.hostId(), generation(record), true);
      return PlanChange.between(runs, planned);
    } catch (IOException e) {
      // a start would fail for the same reason: what runs is better than that
      return Optional.empty();
    }
  }
}
