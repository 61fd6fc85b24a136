package blackhole.orchestrator.distribution;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command lines of child JVMs: this JVM's own {@code java}, never one that PATH happens to
 * have.
 */
public final class JvmCommand {
  private static final String MAIN = "blackhole.boot.Main";

  /** The newest JVM that was tried with a flag which is not of its contract. */
  private static final int MAPPING_FLAG_UNTIL = 25;

  private JvmCommand() {}

  /**
   * @param jvmFlags heap, collector, archive
   * @param options in order, passed as {@code --key value}
   */
  public static List<String> orchestrator(
      Distribution distribution, Path home, List<String> jvmFlags, Map<String, String> options) {
    List<String> command = start(home, jvmFlags, distribution.orchestratorClassPath());
    command.addAll(List.of("orchestrator", "--home", home.toString()));
    command.addAll(List.of("--index", distribution.indexFile().toString()));
    options.forEach((key, value) -> command.addAll(List.of("--" + key, value)));
    return command;
  }

  /**
   * The options come in an order that makes the command line tell a person what it is: home, host
   * id, service and instance.
   */
  public static List<String> host(
      Distribution distribution,
      Path home,
      List<String> jvmFlags,
      Path assignment,
      Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.put("assignment", assignment.toString());
    return host(distribution, home, jvmFlags, all);
  }

  /**
   * A host that waits for its service.
   *
   * @param orphanTimeout how long it waits without an orchestrator
   */
  public static List<String> spare(
      Distribution distribution,
      Path home,
      List<String> jvmFlags,
      String hostId,
      Duration orphanTimeout) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("id", hostId);
    options.put("spare", Long.toString(orphanTimeout.toMillis()));
    return host(distribution, home, jvmFlags, options);
  }

  private static List<String> host(
      Distribution distribution, Path home, List<String> jvmFlags, Map<String, String> options) {
    List<String> command = start(home, jvmFlags, distribution.hostClassPath());
    command.addAll(List.of("host", "--home", home.toString()));
    options.forEach((key, value) -> command.addAll(List.of("--" + key, value)));
    command.addAll(List.of("--index", distribution.indexFile().toString()));
    return command;
  }

  private static List<String> start(Path home, List<String> jvmFlags, String classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // else it lands in the working directory; first, so that other flags may name another file
    command.add("-XX:ErrorFile=" + home.resolve("log").resolve("hs_err_%p.log"));
    command.addAll(startFlags());
    command.addAll(jvmFlags);
    command.addAll(commonFlags());
    command.addAll(List.of("-cp", classPath, MAIN));
    return command;
  }

  /**
   * What makes a JVM small and soon up, whatever runs in it. These come before all other flags, so
   * that the others win.
   */
  public static List<String> startFlags() {
    List<String> flags = new ArrayList<>();
    if (Runtime.version().feature() <= MAPPING_FLAG_UNTIL) {
      // archives, the JDK's own too, at the address that they were made for: anywhere else each
      // pointer in them is corrected, and no page can be the memory of other processes too
      flags.add("-XX:+UnlockDiagnosticVMOptions");
      flags.add("-XX:ArchiveRelocationMode=0");
    }
    // a node's start is bound by processor time, a third of it for compiling what is run a few
    // hundred times, once; what matters is called more often than that in its first seconds
    flags.add("-XX:CompileThresholdScaling=4");
    // else the JVM asks its cgroup for free memory with each method that it compiles
    flags.add("-XX:-UseDynamicNumberOfCompilerThreads");
    return flags;
  }

  private static List<String> commonFlags() {
    List<String> flags = new ArrayList<>();
    flags.add("-Dfile.encoding=UTF-8");
    // Netty's events for the flight recorder are classes that a strict framework does not let it
    // load
    flags.add("-Dio.netty.jfr.enabled=false");
    // the JVM's own warnings go where errors go; stdout belongs to the service
    flags.add("-Xlog:disable");
    flags.add("-Xlog:all=warning:stderr");
    if (Runtime.version().feature() >= 24) {
      // Felix and Netty still use sun.misc.Unsafe, and native access is what Netty's sockets are
      flags.add("--sun-misc-unsafe-memory-access=allow");
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    return flags;
  }
}
