package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import blackhole.api.host.NodeHome;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.JvmCommand;
import blackhole.orchestrator.plan.HostPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command lines of this node's hosts. */
record HostCommand(
    NodeHome home, HostPlan plan, Distribution distribution, ClassDataArchive archive) {
  /**
   * @param file holds the assignment
   */
  List<String> of(ServiceConfig service, Assignment assignment, Path file) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("id", assignment.hostId());
    options.put("service", assignment.service());
    options.put("instance", Integer.toString(assignment.instance()));
    return JvmCommand.host(
        distribution, home.root(), withReports(assignment.hostId(), service), file, options);
  }

  /** A host without a service, with the flags of this one. */
  List<String> ofSpare(ServiceConfig model, String hostId) {
    return JvmCommand.spare(
        distribution, home.root(), withReports(hostId, model), hostId, plan.orphanTimeout());
  }

  private List<String> withReports(String hostId, ServiceConfig service) {
    List<String> flags = new ArrayList<>();
    flags.add("-XX:ErrorFile=" + home.hostCrashReport(hostId));
    flags.add("-XX:HeapDumpPath=" + home.hostHeapDump(hostId));
    plan.logFlag().ifPresent(flags::add);
    flags.addAll(flags(service));
    return flags;
  }

  /** Those that depend on the service and on the archive. */
  List<String> flags(ServiceConfig service) {
    List<String> flags = new ArrayList<>(archive.useFlags());
    flags.addAll(plan.jvmFlags(service));
    return flags;
  }
}
