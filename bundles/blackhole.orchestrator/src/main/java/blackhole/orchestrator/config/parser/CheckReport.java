package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.JvmFlags;
import blackhole.orchestrator.config.MachineMemory;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.RemoteNode;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.RestartDelays;
import blackhole.orchestrator.config.RestartPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.StartOrder;
import blackhole.orchestrator.config.schema.Durations;
import blackhole.orchestrator.config.schema.ServiceKeys;
import blackhole.orchestrator.config.schema.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What {@code check} prints for a valid configuration: the plan, and what is odd about it. */
public final class CheckReport {
  private static final long MB = 1L << 20;

  private final ParseResult result;
  private final NodeConfig config;
  private final StringBuilder text = new StringBuilder();

  private CheckReport(ParseResult result, NodeConfig config) {
    this.result = result;
    this.config = config;
  }

  /**
   * The whole report, lines with a line break each.
   *
   * @param result a valid one
   * @param source the file's name, or what stands for it
   * @param machineMemoryBytes what all services can have together; empty if unknown
   */
  public static String of(ParseResult result, String source, OptionalLong machineMemoryBytes) {
    NodeConfig config =
        result.config().orElseThrow(() -> new IllegalArgumentException("not a valid result"));
    CheckReport report = new CheckReport(result, config);
    report.heading(source);
    report.startOrder();
    report.tls();
    report.remotes();
    config.enabledServices().forEach(report::service);
    report.warnings(machineMemoryBytes);
    return report.text.toString();
  }

  private void heading(String source) {
    int services = config.services().size();
    int disabled = services - config.enabledServices().size();
    line(
        source
            + " is valid: "
            + services
            + (services == 1 ? " service" : " services")
            + (disabled == 0 ? "" : ", " + disabled + " of them disabled"));
  }

  private void startOrder() {
    line("");
    line("Start order");
    int level = 1;
    for (List<String> names : StartOrder.levels(config.enabledServices())) {
      line("  " + level++ + ". " + String.join(", ", names));
    }
  }

  private void tls() {
    line("");
    line("TLS");
    line("  " + mode());
  }

  private String mode() {
    if (config.tls().insecureLoopback()) {
      return "none: TCP ports take plaintext, on loopback only (insecure_loopback)";
    }
    if (!config.needsCertificates()) {
      return "not needed: no service has a TCP port, and there is no remote node";
    }
    return config.tls().files().isPresent()
        ? "mutual, with the certificates of node.tls"
        : "mutual, with development certificates in the home, made on first use";
  }

  private void remotes() {
    if (config.remotes().isEmpty()) {
      return;
    }
    line("");
    line("Remote nodes");
    for (RemoteNode node : config.remotes()) {
      String services =
          node.services().entrySet().stream()
              .map(service -> service.getKey() + " at " + service.getValue())
              .collect(Collectors.joining(", "));
      String authority =
          node.certificateAuthority()
              .map(file -> "signed by " + file)
              .orElse("signed by this node's authority");
      line("  " + node.nodeId() + ": " + services + " (" + authority + ")");
    }
  }

  private void service(ServiceConfig service) {
    line("");
    line(service.name());
    ResourcePolicy policy = config.policyOf(service.name());
    field("bundle", written(service, ServiceKeys.BUNDLE.at(service.name()), service.bundle()));
    field("instances", instances(service));
    field("socket", written(service, ServiceKeys.UNIX_SOCKET.at(service.name()), "in the home"));
    field("port", service.port().isPresent() ? service.port().getAsInt() + "" : "none");
    field("limits", limits(service.limits(), policy));
    field("class", policy.name() + ", CPU weight " + policy.cpuWeight());
    field("jvm flags", String.join(" ", JvmFlags.of(service.limits().maxMemoryBytes())));
    if (!service.jvmArgs().isEmpty()) {
      field("jvm args", written(service, ServiceKeys.JVM_ARGS.at(service.name()), ""));
    }
    field("restarts", ladder(service.restartPolicy()));
  }

  /** As written in the file, so that a secret stays a reference. */
  private String written(ServiceConfig service, String key, String otherwise) {
    return result.settingsOf(service.name()).stream()
        .filter(setting -> setting.key().equals(key) && !setting.origin().equals("default"))
        .map(Setting::value)
        .findFirst()
        .orElse(otherwise);
  }

  private static String instances(ServiceConfig service) {
    return service
        .scaling()
        .map(scaling -> scaling.minInstances() + " to " + scaling.maxInstances())
        .orElse(Integer.toString(service.instances()));
  }

  private static String limits(ResourceLimits limits, ResourcePolicy policy) {
    long soft = policy.softMemoryBytes(limits.maxMemoryBytes()) / MB * MB;
    return String.format(
            Locale.ROOT,
            "memory %s (soft %s), CPU %s, io priority %d (best-effort level %d), open files %s",
            Sizes.format(limits.maxMemoryBytes()),
            Sizes.format(soft),
            limits.maxCpuCores().isPresent()
                ? limits.maxCpuCores().getAsDouble() + " cores" + period(limits)
                : "no limit",
            limits.ioPriority(),
            limits.ioLevel(),
            limits.maxFileDescriptors().isPresent()
                ? Integer.toString(limits.maxFileDescriptors().getAsInt())
                : "as the node")
        + (limits.maxThreads().isPresent() ? ", threads " + limits.maxThreads().getAsInt() : "");
  }

  /** Where it is not the usual one. */
  private static String period(ResourceLimits limits) {
    return limits.cpuPeriod().equals(ResourceLimits.USUAL_CPU_PERIOD)
        ? ""
        : " in periods of " + Durations.format(limits.cpuPeriod());
  }

  static String ladder(RestartPolicy policy) {
    if (policy.maxRestarts() == 0) {
      return "none, FAILED at the first exit";
    }
    List<String> steps = new ArrayList<>();
    List<Duration> delays = RestartDelays.ladder(policy);
    for (Duration delay : delays) {
      steps.add(delay.isZero() ? "at once" : Durations.format(delay));
    }
    String more = delays.size() < policy.maxRestarts() ? " each" : "";
    return String.join(", ", steps)
        + more
        + ", then FAILED after "
        + policy.maxRestarts()
        + (policy.maxRestarts() == 1 ? " restart in " : " restarts in ")
        + Durations.format(policy.window());
  }

  private void warnings(OptionalLong machineMemoryBytes) {
    List<String> warnings = new ArrayList<>();
    result.warnings().forEach(warning -> warnings.add(warning.toString()));
    machineMemoryBytes.ifPresent(bytes -> warnings.addAll(memory(bytes)));
    if (!warnings.isEmpty()) {
      line("");
      line("Warnings");
      warnings.forEach(warning -> line("  " + warning));
    }
  }

  private List<String> memory(long machine) {
    MachineMemory memory = new MachineMemory(OptionalLong.of(machine));
    long fixed = MachineMemory.demand(config.enabledServices(), ServiceConfig::instances);
    long scaled = MachineMemory.demand(config.enabledServices(), ServiceConfig::maxInstances);
    if (!memory.bears(fixed)) {
      return List.of(
          "the memory limits of all services sum up to "
              + MachineMemory.megabytes(fixed)
              + ", this machine has "
              + MachineMemory.megabytes(machine)
              + ": what does not fit will not be started");
    }
    if (!memory.bears(scaled)) {
      return List.of(
          "with all services scaled up, their memory limits sum up to "
              + MachineMemory.megabytes(scaled)
              + ", this machine has "
              + MachineMemory.megabytes(machine)
              + ": scaling will stop before that");
    }
    return List.of();
  }

  private void field(String name, String value) {
    line(String.format(Locale.ROOT, "  %-10s %s", name, value));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
