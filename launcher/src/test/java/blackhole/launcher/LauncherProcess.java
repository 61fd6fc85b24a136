package blackhole.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A launcher in a JVM of its own. Closing it kills whatever is left of it. */
final class LauncherProcess implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 60;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();
  private final Thread reader;

  private LauncherProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "launcher-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it with this home; stderr comes with stdout. */
  static LauncherProcess start(Path home, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(List.of(), home, environment, arguments);
  }

  /** As above, by another program that ends up running it, such as nohup. */
  static LauncherProcess startUnder(
      String program, Path home, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(List.of(program), home, environment, arguments);
  }

  private static LauncherProcess start(
      List<String> wrapper, Path home, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(FakeRuntime.Path.JAVA);
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Launcher.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("BLACKHOLE_HOME", home.toString());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    return new LauncherProcess(builder.start());
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = in.readLine()) != null) {
        lines.add(line);
      }
    } catch (IOException e) {
      // killed by close()
      lines.add(e.toString());
    }
  }

  /** The next line that contains this; fails with all lines seen when none comes. */
  String await(String part) throws InterruptedException {
    String line;
    while ((line = lines.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)) != null) {
      seen.add(line);
      if (line.contains(part)) {
        return line;
      }
    }
    throw new AssertionError("no line with '" + part + "' in " + seen);
  }

  /** Waits for its end; then all that it printed is in {@link #output}. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("does not end; it said " + output());
    }
    reader.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
    return process.exitValue();
  }

  String output() {
    lines.drainTo(seen);
    return String.join("\n", seen);
  }

  long pid() {
    return process.pid();
  }

  /** As {@code kill -NAME}. */
  void signal(String name) throws IOException, InterruptedException {
    signal(name, process.pid());
  }

  static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    process.destroyForcibly().waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
