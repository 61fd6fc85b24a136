package blackhole.bench.peer;

import blackhole.bench.Ports;
import blackhole.bench.ProcessMemory;
import blackhole.testkit.Reaper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Karaf root with child instances, in a copy of the distribution of its own. Each is started by
 * its own script, all at once, which is the soonest that they can be up: {@code instance:start} of
 * the root waits for the root. Closing ends all of them; should this JVM be killed, a reaper does.
 */
public final class KarafRoot implements AutoCloseable {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long START_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long STOP_SECONDS = 60;
  private static final String ROOT = "root";

  private final Path home;
  private final Path output;
  private final Reaper reaper;
  private final List<Instance> instances = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  /** One of them: where its files are, and where its shell listens when it has started. */
  private record Instance(String name, Path base, int sshPort) {}

  /**
   * @param distribution as {@link Peers#karaf} gives it
   * @param directory to be made, and to go with the reaper
   */
  public KarafRoot(Path distribution, Path directory, int children)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    this.home = directory.resolve("karaf");
    this.output = directory.resolve("karaf.out");
    this.reaper = Reaper.start(directory, home);
    try {
      run(List.of("cp", "-a", "" + distribution, "" + home), Map.of());
      instances.add(new Instance(ROOT, home, Ports.free()));
      configureRoot();
      for (int child = 1; child <= children; child++) {
        create("child-" + child);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The directory of the root. */
  public Path home() {
    return home;
  }

  private void configureRoot() throws IOException {
    set("org.apache.karaf.shell.cfg", "sshPort", instances.get(0).sshPort());
    set("org.apache.karaf.management.cfg", "rmiRegistryPort", Ports.free());
    set("org.apache.karaf.management.cfg", "rmiServerPort", Ports.free());
  }

  private void set(String file, String key, int port) throws IOException {
    Path path = home.resolve("etc").resolve(file);
    List<String> lines =
        Files.readAllLines(path).stream()
            .map(line -> line.matches("\\s*" + key + "\\s*=.*") ? key + " = " + port : line)
            .toList();
    Files.write(path, lines);
  }

  private void create(String name) throws IOException, InterruptedException {
    int sshPort = Ports.free();
    run(
        List.of(
            "" + home.resolve("bin/instance"),
            "create",
            "--ssh-port",
            "" + sshPort,
            "--rmi-registry-port",
            "" + Ports.free(),
            "--rmi-server-port",
            "" + Ports.free(),
            name),
        Map.of("JAVA_HOME", System.getProperty("java.home")));
    instances.add(new Instance(name, home.resolve("instances").resolve(name), sshPort));
  }

  private void run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Process process = spawn(command, environment);
    if (!process.waitFor(STOP_SECONDS * 2, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
    }
  }

  private Process spawn(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /**
   * Starts all of them, and waits until each has started its shell.
   *
   * @param jvmOptions more of them, for the root
   * @return how long that took, in milliseconds
   */
  public double startMillis(String jvmOptions) throws IOException {
    long began = System.nanoTime();
    for (Instance instance : instances) {
      processes.add(
          spawn(
              List.of("" + instance.base().resolve("bin/karaf"), "server"),
              Map.of(
                  "JAVA_HOME",
                  System.getProperty("java.home"),
                  "KARAF_EXEC",
                  "exec",
                  "EXTRA_JAVA_OPTS",
                  instance.name().equals(ROOT) ? jvmOptions : "")));
    }
    for (Instance instance : instances) {
      awaitShell(instance, began);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private void awaitShell(Instance instance, long began) throws IOException {
    while (!listens(instance.sshPort())) {
      if (System.nanoTime() - began > START_LIMIT_NANOS
          || processes.stream().noneMatch(Process::isAlive)) {
        throw new IOException(
            "Karaf's " + instance.name() + " does not start: " + Files.readString(output));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Of each child, proportional set size in megabytes; of those that run. */
  public double[] childrenMegabytes() throws IOException {
    List<Double> megabytes = new ArrayList<>();
    for (int child = 1; child < instances.size(); child++) {
      megabytes.add(ProcessMemory.pssMegabytes(processes.get(child).pid()));
    }
    return megabytes.stream().mapToDouble(each -> each).toArray();
  }

  /** Of the root. */
  public double rootMegabytes() throws IOException {
    return ProcessMemory.pssMegabytes(processes.get(0).pid());
  }

  /** Ends all of them, in order as far as they go by themselves. */
  public void stop() throws InterruptedException {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    processes.clear();
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reaper.close();
    }
  }
}
