package blackhole.launcher.distribution;

import blackhole.api.host.AssignmentFile;
import blackhole.api.host.NodeHome;
import blackhole.api.host.TlsFiles;
import blackhole.api.supervision.InstanceId;
import blackhole.launcher.LauncherException;
import blackhole.launcher.NodeRuntime;
import blackhole.launcher.RunOptions;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.distribution.CarriedCatalog;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.JvmCommand;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.plan.IssuerLoader;
import blackhole.orchestrator.plan.NodeId;
import blackhole.orchestrator.plan.NodeTls;
import blackhole.orchestrator.plan.ServiceBundles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The second stage from this jar's own content. */
public final class CarriedRuntime implements NodeRuntime {
  /** Small, soon up, and restarted by the guardian if it should ever run out of memory. */
  private static final List<String> ORCHESTRATOR_FLAGS =
      List.of(
          "-Xms16m",
          "-Xmx128m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError");

  /** Kept for restarts, by when another launcher may have been written over this jar. */
  private @Nullable Distribution unpacked;

  @Override
  public ProcessBuilder orchestrator(RunOptions options) throws IOException {
    Distribution distribution = unpacked;
    if (distribution == null) {
      distribution = Unpacker.unpack(options.home().lib());
      unpacked = distribution;
    }
    List<String> flags = new ArrayList<>(ORCHESTRATOR_FLAGS);
    flags.addAll(ClassDataArchive.of(options.home().cache(), distribution).useFlags());
    Map<String, String> passed = new LinkedHashMap<>();
    options.configuration().ifPresent(file -> passed.put("config", file.toString()));
    if (!options.only().isEmpty()) {
      passed.put("only", String.join(",", options.only()));
    }
    if (options.attached()) {
      passed.put("attached", "true");
    }
    return new ProcessBuilder(
        JvmCommand.orchestrator(distribution, options.home().root(), flags, passed));
  }

  @Override
  public ProcessBuilder service(String name, RunOptions options) throws IOException {
    Distribution distribution = Unpacker.unpack(options.home().lib());
    NodeHome home = options.home();
    ConfiguredNode configured = read(distribution, options);
    ServiceConfig service =
        Objects.requireNonNull(configured.config().services().get(name), "read() checked the name");
    String nodeId = NodeId.of(home, configured.config().nodeId());
    HostPlan plan =
        new HostPlan(
            home,
            nodeId,
            configured::config,
            new ServiceBundles(home, distribution),
            tls(home, nodeId, configured.config(), distribution),
            configured::secrets);
    InstanceId id = new InstanceId(name, 1);
    // its own number, so that it never meets a socket of the node's
    long generation = ProcessHandle.current().pid();
    String hostId = name + "-alone-" + generation;
    Path directory = home.state().resolve("hosts");
    Files.createDirectories(directory);
    Path file = directory.resolve(hostId + ".assignment");
    AssignmentFile.write(file, plan.assignment(id, service, hostId, generation, false));
    file.toFile().deleteOnExit();
    List<String> flags =
        new ArrayList<>(ClassDataArchive.of(home.cache(), distribution).useFlags());
    flags.addAll(plan.jvmFlags(service));
    Map<String, String> passed = new LinkedHashMap<>();
    passed.put("id", hostId);
    passed.put("service", name);
    passed.put("instance", "1");
    passed.put("console", "true");
    ProcessBuilder builder =
        new ProcessBuilder(JvmCommand.host(distribution, home.root(), flags, file, passed));
    builder.environment().put("SERVICE_NAME", name);
    builder.environment().put("SERVICE_INSTANCE", "1");
    return builder;
  }

  private static Optional<TlsFiles> tls(
      NodeHome home, String nodeId, NodeConfig config, Distribution distribution)
      throws IOException {
    try {
      return NodeTls.prepare(home, nodeId, config, () -> IssuerLoader.load(distribution));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static ConfiguredNode read(Distribution distribution, RunOptions options)
      throws IOException {
    try {
      return ConfiguredNode.read(
          options.home(),
          options.configuration(),
          new CarriedCatalog(distribution.index()),
          options.only());
    } catch (ConfiguredNode.RefusedException e) {
      throw LauncherException.usage(String.join("\n", e.errors()), "");
    }
  }
}
