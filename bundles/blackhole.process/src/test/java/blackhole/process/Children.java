package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Real processes for tests: shell scripts, and a pipe by which they say where they are. */
final class Children implements AutoCloseable {
  private static final String PATH = "/usr/local/bin:/usr/bin:/bin";
  private static final long DEADLINE_SECONDS = 60;

  private final LinuxProcessLauncher launcher;
  private final Path folder;
  private final List<RunningProcess> started = new ArrayList<>();

  Children(LinuxProcessLauncher launcher, Path folder) {
    this.launcher = launcher;
    this.folder = folder;
  }

  RunningProcess script(String script) throws IOException {
    return launch(List.of("sh", "-c", script), Map.of("PATH", PATH));
  }

  RunningProcess launch(List<String> command, Map<String, String> environment) throws IOException {
    RunningProcess process =
        launcher.launch(new ProcessSpec(command, environment, folder, output()));
    started.add(process);
    return process;
  }

  /** Ends with the rest, whoever started it. */
  RunningProcess started(RunningProcess process) {
    started.add(process);
    return process;
  }

  Path output() {
    return folder.resolve("out");
  }

  String printed() throws IOException {
    return Files.readString(output());
  }

  /**
   * A pipe. A script that opens it ({@code exec 3>NAME}) hands it on to all it starts, so that the
   * pipe ends when the last of them has.
   */
  Pipe pipe(String name) throws Exception {
    Path path = folder.resolve(name);
    Process made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
    if (made.waitFor() != 0) {
      throw new IOException("mkfifo failed");
    }
    return new Pipe(path);
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("nanoseconds over time").isNegative();
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** When this returns, what ends with a process has ended too. */
  @Override
  public void close() {
    started.forEach(RunningProcess::kill);
    for (RunningProcess process : started) {
      var unused =
          process
              .onExit()
              .toCompletableFuture()
              .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
              .join();
    }
  }

  static final class Pipe {
    private final CompletableFuture<BufferedReader> reader;

    Pipe(Path path) {
      // opening it waits for the other side
      reader = CompletableFuture.supplyAsync(() -> open(path));
    }

    /** The next line; null when nobody holds the pipe any more. */
    String line() throws Exception {
      return await(reader.thenApplyAsync(Pipe::readLine));
    }

    private static BufferedReader open(Path path) {
      try {
        return Files.newBufferedReader(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String readLine(BufferedReader reader) {
      try {
        return reader.readLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
