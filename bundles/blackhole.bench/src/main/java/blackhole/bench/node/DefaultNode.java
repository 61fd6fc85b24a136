package blackhole.bench.node;

import blackhole.bench.ProcessMemory;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.Reaper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node as it is when nobody configures anything, in a home of its own, as a person starts it: all
 * services, a warm spare, metrics.
 */
final class DefaultNode implements AutoCloseable {
  private static final Pattern UP = Pattern.compile("The node is up .* (\\d+) of (\\d+) instances");
  private static final long LIMIT_SECONDS = 300;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Path home;
  private final Reaper reaper;
  private @Nullable Process process;
  private int instances;

  /**
   * @param directory goes when this is closed; its path is short
   */
  DefaultNode(Path directory) throws IOException {
    Files.createDirectories(directory);
    this.home = directory.resolve("home");
    this.reaper = Reaper.start(directory, home);
  }

  /** Runs it, and gives the time until it says that each instance is READY, in milliseconds. */
  double startMillis() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                LauncherJar.command(LauncherJar.find(), "run", "--no-shell", "--home", "" + home))
            .redirectErrorStream(true);
    long began = System.nanoTime();
    Process started = builder.start();
    process = started;
    started.getOutputStream().close();
    reaper.watch(started.pid());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      Matcher up = UP.matcher(line);
      if (up.find()) {
        double took = (System.nanoTime() - began) / 1e6;
        if (!up.group(1).equals(up.group(2))) {
          throw new IOException("not all instances are READY: " + said);
        }
        instances = Integer.parseInt(up.group(2));
        drain(lines);
        return took;
      }
    }
    throw new IOException("the node ended before it was up: " + said);
  }

  /** What it says later must not fill the pipe. */
  private static void drain(BufferedReader lines) {
    Thread reader =
        new Thread(
            () -> {
              try {
                while (lines.readLine() != null) {
                  // nobody wants it
                }
              } catch (IOException e) {
                // it has ended
              }
            },
            "node-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Of its services. */
  int instances() {
    return instances;
  }

  /** Waits until the next start of a host is as quick as it gets. */
  void awaitArchive() throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!hasArchive()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("no class-data archive after " + LIMIT_SECONDS + " s");
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private boolean hasArchive() throws IOException {
    Path cache = home.resolve("cache");
    if (!Files.isDirectory(cache)) {
      return false;
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.anyMatch(file -> file.toString().matches(".*\\.(jsa|aot)"));
    }
  }

  /** What each of its processes holds, in megabytes. */
  Memory memory() throws IOException {
    double all = 0;
    List<Double> hosts = new ArrayList<>();
    for (ProcessHandle handle : ProcessHandle.allProcesses().toList()) {
      String line = commandLine(handle.pid());
      if (handle.pid() != reaper.pid() && line.contains(home.toString())) {
        double megabytes = ProcessMemory.pssMegabytes(handle.pid());
        all += megabytes;
        if (line.contains("\0host\0") && !line.contains("\0--spare\0")) {
          hosts.add(megabytes);
        }
      }
    }
    return new Memory(all, hosts.stream().mapToDouble(each -> each).toArray());
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // it has ended
      return "";
    }
  }

  /**
   * Proportional set sizes.
   *
   * @param all of all processes together
   * @param hosts of each service host
   */
  record Memory(double all, double[] hosts) {}

  /** Stops it in order. */
  void stop() throws IOException, InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!running.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the node does not stop");
      }
      process = null;
    }
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
