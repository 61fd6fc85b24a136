package blackhole.bench.start;

import blackhole.bench.Bundles;
import blackhole.bench.service.BareServer;
import blackhole.bench.service.FrameworkServer;
import blackhole.orchestrator.distribution.Distribution;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * grpc-java without anything of ours, with the JVM flags and the kind of archive that a host has:
 * in {@code main}, or with a framework around it.
 */
public final class BareContender implements Contender {
  private final Path directory;
  private final String name;
  private final List<String> jvmFlags;
  private final String classPath;
  private final Class<?> main;
  private final List<String> arguments;

  private BareContender(
      Path directory,
      String name,
      List<String> jvmFlags,
      String classPath,
      Class<?> main,
      List<String> arguments) {
    this.directory = directory;
    this.name = name;
    this.jvmFlags = jvmFlags;
    this.classPath = classPath;
    this.main = main;
    this.arguments = arguments;
  }

  /** Without a framework. */
  public BareContender(Path directory, List<String> jvmFlags) {
    this(
        directory,
        "bare",
        jvmFlags,
        System.getProperty("blackhole.bench.bare.classpath"),
        BareServer.class,
        List.of());
  }

  /**
   * In a framework with those of a host's bundles that are not ours.
   *
   * @param service the jar of the measured service's bundle
   */
  static BareContender inFramework(
      Path directory, Distribution distribution, List<String> jvmFlags, Path service) {
    String classPath =
        Stream.of(distribution.hostClassPath().split(File.pathSeparator, -1))
            .filter(jar -> isForeign(Path.of(jar).getFileName().toString()))
            .collect(Collectors.joining(File.pathSeparator));
    return new BareContender(
        directory,
        "framework",
        jvmFlags,
        classPath + File.pathSeparator + Bundles.jar(FrameworkServer.class),
        FrameworkServer.class,
        List.of(directory.resolve("framework.cache").toString(), service.toString()));
  }

  /** What a host starts with its shell only is not among it. */
  private static boolean isForeign(String jar) {
    return jar.startsWith("blackhole.grpc-")
        || !(jar.startsWith("blackhole.")
            || jar.startsWith("jline-")
            || jar.startsWith("org.apache.felix.gogo."));
  }

  @Override
  public Path socket() {
    return directory.resolve(name + ".sock");
  }

  private Path archive() {
    return directory.resolve(name + ".archive");
  }

  private static boolean aot() {
    return Runtime.version().feature() >= 25;
  }

  @Override
  public List<String> command() {
    return command(List.of((aot() ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive()));
  }

  private List<String> command(List<String> archiveFlags, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.addAll(archiveFlags);
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr"));
    command.addAll(List.of("-cp", classPath));
    command.addAll(List.of(main.getName(), socket().toString()));
    command.addAll(arguments);
    command.addAll(List.of(more));
    return command;
  }

  @Override
  public void train() throws IOException, InterruptedException {
    String flag = (aot() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive();
    try (StartedProcess run =
        StartedProcess.start(
            command(List.of(flag), "train"), socket(), directory.resolve(name + ".out"))) {
      if (run.awaitExit() != 0) {
        throw new IOException("the training of " + name + " failed, see " + directory);
      }
    }
  }
}
