package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import blackhole.testkit.Await;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on a terminal, as {@code script} of util-linux makes one. */
class TerminalTest {
  private static final String CTRL_C = "\u0003";
  private static final String PROMPT = "blackhole> ";
  private static final String ENTER = "\r";

  @TempDir private Path directory;
  private final List<Terminal> terminals = new ArrayList<>();

  @BeforeEach
  void findScript() {
    boolean found =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "script")));
    assumeTrue(found, "needs the program script, of util-linux");
  }

  @AfterEach
  void close() {
    terminals.forEach(Terminal::close);
  }

  @Test
  void theForegroundShellIsTheNodes() throws Exception {
    Path home = directory.resolve("home");
    Path configuration = directory.resolve("node.yaml");
    Files.writeString(configuration, "services:\n  identity: {}\n");
    Terminal foreground = open("run", "--home", "" + home, "--config", "" + configuration);
    foreground.awaitText("1 of 1 instances READY");
    foreground.awaitText(PROMPT);

    foreground.type("bh:ps" + ENTER);
    foreground.awaitText("RESTARTS");
    foreground.type("half a line");
    foreground.awaitText("half a line");
    foreground.clearLine();
    foreground.type("echo still-'here'" + ENTER);
    foreground.awaitText("still-here");
    anAttachedShellLeavesTheNodeAlone(home);
    foreground.type("echo and-'now'" + ENTER);
    foreground.awaitText("and-now");

    foreground.type("exit" + ENTER);

    assertThat(foreground.awaitExit()).isZero();
    assertThat(home.resolve("run/node.sock")).doesNotExist();
    assertThat(home.resolve("run/identity-1.sock")).doesNotExist();
  }

  private void anAttachedShellLeavesTheNodeAlone(Path home) throws Exception {
    Terminal attached = open("shell", "--home", "" + home);
    attached.awaitText(PROMPT);
    attached.type("bh:ps" + ENTER);
    attached.awaitText("RESTARTS");

    attached.type("exit" + ENTER);

    assertThat(attached.awaitExit()).isZero();
  }

  @Test
  void aShellWithoutANodeSaysSo() throws Exception {
    Terminal terminal = open("shell", "--home", "" + directory);
    assertThat(terminal.awaitExit()).isEqualTo(3);
    assertThat(terminal.shown()).contains("no node runs at " + directory);
  }

  private Terminal open(String... arguments) throws IOException {
    Terminal terminal =
        new Terminal(
            LauncherJar.command(LauncherJar.find(), arguments),
            directory.resolve("shown-" + terminals.size()));
    terminals.add(terminal);
    return terminal;
  }

  /** A program on a terminal of its own. */
  private static final class Terminal {
    private final Process process;
    private final Path shown;

    Terminal(List<String> command, Path shown) throws IOException {
      this.shown = shown;
      String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
      ProcessBuilder builder =
          new ProcessBuilder(
                  "script",
                  "-q",
                  "-e",
                  "-f",
                  "-c",
                  "stty cols 120 rows 40; exec " + line,
                  "/dev/null")
              .redirectErrorStream(true)
              .redirectOutput(shown.toFile());
      builder.environment().put("TERM", "xterm");
      builder.environment().put("SHELL", "/bin/sh");
      process = builder.start();
    }

    void type(String text) throws IOException {
      OutputStream keyboard = process.getOutputStream();
      keyboard.write(text.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    }

    /** Ctrl-C, which has to give a new prompt. */
    void clearLine() throws IOException {
      int before = shown().length();
      type(CTRL_C);
      Await.until("a new prompt", TestNode.PATIENCE, () -> shown().indexOf(PROMPT, before) >= 0);
    }

    String shown() throws IOException {
      return Files.readString(shown, StandardCharsets.ISO_8859_1);
    }

    void awaitText(String text) throws IOException {
      try {
        Await.until(text, TestNode.PATIENCE, () -> shown().contains(text));
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "; the terminal shows:\n" + shown(), e);
      }
    }

    int awaitExit() throws Exception {
      assertThat(process.waitFor(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("it has ended; the terminal shows:\n%s", shown())
          .isTrue();
      return process.exitValue();
    }

    /** The end of the terminal ends what runs on it. */
    void close() {
      List<ProcessHandle> below = process.descendants().toList();
      process.destroy();
      below.forEach(ProcessHandle::destroy);
    }
  }
}
