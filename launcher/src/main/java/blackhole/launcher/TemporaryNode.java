package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node in a directory of its own, which goes with it: when it is closed, and when this process
 * ends for any other reason that lets it do something, as Ctrl-C does. If this process is killed
 * with -9, the node still stops in order, and its directory stays.
 */
final class TemporaryNode implements AutoCloseable {
  private static final long STOP_SECONDS = 90;

  private final Path directory;
  private final Process process;
  private final Thread hook = new Thread(this::end, "end-node");

  private TemporaryNode(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  /**
   * Starts a node. To be called by the main thread: the kernel takes its end for ours.
   *
   * @param configuration its file; the built-in default without one
   */
  static TemporaryNode start(Optional<Path> configuration)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("bh-tour-"); // short, as sockets' paths are to be
    try {
      List<String> command = new ArrayList<>();
      // a session of its own, so that Ctrl-C is ours; and asked to stop when we end
      List<String> wrapper = GuardedProcess.wrapper("TERM", ProcessHandle.current().pid());
      if (GuardedProcess.canRun(wrapper)) {
        command.addAll(wrapper);
      }
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-jar", jar().toString(), "run", "--no-shell"));
      command.addAll(List.of("--home", directory.resolve("home").toString()));
      configuration.ifPresent(file -> command.addAll(List.of("--config", file.toString())));
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("printed").toFile())
              .start();
      TemporaryNode node = new TemporaryNode(directory, process);
      Runtime.getRuntime().addShutdownHook(node.hook);
      return node;
    } catch (IOException | RuntimeException e) {
      delete(directory);
      throw e;
    }
  }

  private static Path jar() {
    try {
      return Path.of(
          TemporaryNode.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  NodeHome home() {
    return NodeHome.of(directory.resolve("home"));
  }

  /** Waits until it can be asked. */
  void awaitUp(long timeoutMillis) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (true) {
      try (var connection = NodeConnection.tryOpen(home().shellSocket())) {
        if (connection != null) {
          return;
        }
      }
      // the wait is for its end, which is one more thing that may happen
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw LauncherException.failed("the temporary node ended; it printed:\n" + printed());
      }
      if (System.nanoTime() - end > 0) {
        throw LauncherException.failed("the temporary node is not up; it printed:\n" + printed());
      }
    }
  }

  private String printed() throws IOException {
    return Files.readString(directory.resolve("printed")).strip();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // it is at work
    }
    end();
  }

  private void end() {
    try {
      process.destroy();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        // hosts that are left drain and exit by themselves
        process.destroyForcibly().waitFor();
      }
      delete(directory);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("blackhole: cannot delete " + directory + ": " + Reasons.of(e));
    }
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
