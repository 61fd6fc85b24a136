package blackhole.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A launcher in a JVM of its own. Closing it kills whatever is left of it. */
final class LauncherProcess implements AutoCloseable {
  static final String PROMPT = "blackhole> ";
  private static final Pattern UP = Pattern.compile("up: ([0-9]+)");
  private static final long DEADLINE_SECONDS = 60;

  /**
   * Hears all signals, even if whoever runs the tests ignores some, as a shell's background does.
   */
  private static final List<String> SIGNALS_HEARD =
      List.of("env", "--default-signal=HUP,INT,QUIT,TERM");

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();
  private final Thread reader;

  /** Orchestrators that were seen, whoever they belong to by now. */
  private final Set<ProcessHandle> known = new LinkedHashSet<>();

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

  /** As above, by nohup, after which it ignores SIGHUP. */
  static LauncherProcess startUnderNohup(
      Path home, Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(SIGNALS_HEARD);
    command.add("nohup");
    command.addAll(java());
    command.addAll(List.of(arguments));
    return start(new ProcessBuilder(command), home, environment);
  }

  /** A shell's script, in which "$@" stands for the launcher without arguments. */
  static LauncherProcess startScript(String script, Path home, Map<String, String> environment)
      throws IOException {
    return start(List.of("sh", "-c", script, "sh"), home, environment);
  }

  /** On a terminal of its own, made by script(1); what is typed there is for {@link #type}. */
  static LauncherProcess startOnTerminal(
      Path home, Map<String, String> environment, String... arguments) throws IOException {
    // script takes one string, and runs it by $SHELL.
    String line =
        Stream.concat(launcher().stream(), Stream.of(arguments))
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    ProcessBuilder builder = new ProcessBuilder("script", "-qefc", "exec " + line, "/dev/null");
    return start(builder, home, environment);
  }

  private static LauncherProcess start(
      List<String> wrapper, Path home, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(launcher());
    command.addAll(List.of(arguments));
    return start(new ProcessBuilder(command), home, environment);
  }

  private static List<String> launcher() {
    List<String> command = new ArrayList<>(SIGNALS_HEARD);
    command.addAll(java());
    return command;
  }

  private static List<String> java() {
    return List.of(
        FakeRuntime.Path.JAVA,
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Launcher.class.getName());
  }

  private static LauncherProcess start(
      ProcessBuilder builder, Path home, Map<String, String> environment) throws IOException {
    builder.redirectErrorStream(true);
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
      StringBuilder line = new StringBuilder();
      int c;
      while ((c = in.read()) >= 0) {
        if (c != '\n') {
          line.append((char) c);
        }
        // A prompt has no line end, and must be seen all the same.
        if (c == '\n' || line.toString().endsWith(PROMPT)) {
          lines.add(line.toString());
          line.setLength(0);
        }
      }
      lines.add(line.toString());
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

  /** Waits until the fake orchestrator is up; returns its PID. */
  long awaitUp() throws InterruptedException {
    Matcher matcher = UP.matcher(await("up: "));
    if (!matcher.find()) {
      throw new AssertionError(output());
    }
    long pid = Long.parseLong(matcher.group(1));
    ProcessHandle.of(pid).ifPresent(known::add);
    return pid;
  }

  String output() {
    lines.drainTo(seen);
    return String.join("\n", seen).strip();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Types on its terminal. */
  void type(String keys) throws IOException {
    process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
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
  public void close() throws Exception {
    Set<ProcessHandle> all = new LinkedHashSet<>(known);
    all.addAll(halted());
    process.destroyForcibly().waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
    all.forEach(ProcessHandle::destroyForcibly);
    // until then they may write into the home, which is removed next
    for (ProcessHandle each : all) {
      each.onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /**
   * All that it has started, halted like itself: whoever starts processes while it is killed leaves
   * one that nobody knows.
   */
  private Set<ProcessHandle> halted() throws IOException, InterruptedException {
    Set<ProcessHandle> halted = new LinkedHashSet<>();
    List<ProcessHandle> found = process.isAlive() ? List.of(process.toHandle()) : List.of();
    while (!found.isEmpty()) {
      for (ProcessHandle each : found) {
        signal("STOP", each.pid());
        halted.add(each);
      }
      found = process.descendants().filter(each -> !halted.contains(each)).toList();
    }
    halted.remove(process.toHandle());
    return halted;
  }
}
