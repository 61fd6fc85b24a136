package blackhole.bench.node;

import blackhole.bench.ProcessMemory;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.Reaper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  double startMillis() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                LauncherJar.command(LauncherJar.find(), "run", "--no-shell", "--home", "" + home))
            .redirectErrorStream(true);
    long began = System.nanoTime();
    Process started = builder.start();
    process = started;
    started.getOutputStream().close();
    reaper.watch(started.pid());
    Output output = new Output();
    Thread reader = new Thread(() -> output.read(started.getInputStream()), "node-output");
    reader.setDaemon(true);
    reader.start();
    Up up = output.await();
    if (up.ready() != up.instances()) {
      throw new IOException("not all instances are READY: " + output.said);
    }
    instances = up.instances();
    return (up.nanoTime() - began) / 1e6;
  }

  /** What it said when it was up, and when. */
  private record Up(int ready, int instances, long nanoTime) {}

  /** What it says, which is read to its end, or else the pipe would be full one day. */
  private static final class Output {
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Up> up = new CompletableFuture<>();

    void read(InputStream stream) {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          hear(line);
        }
      } catch (IOException e) {
        said.add(e.toString());
      }
      up.completeExceptionally(new IOException("the node ended before it was up: " + said));
    }

    private void hear(String line) {
      if (up.isDone()) {
        return; // nobody wants to know
      }
      said.add(line);
      Matcher found = UP.matcher(line);
      if (found.find()) {
        up.complete(
            new Up(
                Integer.parseInt(found.group(1)),
                Integer.parseInt(found.group(2)),
                System.nanoTime()));
      }
    }

    Up await() throws IOException, InterruptedException {
      try {
        return up.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new IOException("the node is not up after " + LIMIT_SECONDS + " s: " + said, e);
      } catch (ExecutionException e) {
        throw new IOException(e.getCause() == null ? e : e.getCause());
      }
    }
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
