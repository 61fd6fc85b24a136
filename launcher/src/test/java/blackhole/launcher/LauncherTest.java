package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole command lines, as far as they need no other process. */
class LauncherTest {
  @TempDir Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "rnu | unknown command 'rnu'; did you mean 'run'?",
        "tuor | unknown command 'tuor'; did you mean 'tour'?",
        "run --hoem /x | has no option --hoem; did you mean '--home'?",
        "stop --force | has no option --force",
        "run extra | 'run' takes no argument 'extra'",
        "run --home | option --home needs a value: --home DIR",
        "run --no-shell=yes | option --no-shell takes no value",
        "run --only a,,b | --only has an empty name",
        "run --config /does/not/exist | does not exist",
        "run --config / | is a directory",
        "exec | needs a line to run",
        "exec bh:ps --json | 'exec' has no option --json",
        "exec bh:ps all | put it in quotes",
        "call | 'call' needs a SERVICE/METHOD",
        "call a/b {} {} | put the JSON in quotes",
        "call a/b --header nonsense | --header is not NAME:VALUE: nonsense",
        "call a/b --header :x | --header is not NAME:VALUE: :x",
        "call a/b --timeout 5 | --timeout is not a duration: 5",
        "call a/b --heder x | 'call' has no option --heder; did you mean '--header'?",
        "service | needs --name NAME",
        "service --name nobody | unknown service 'nobody'",
        "stop --timeout 5 | not a duration: 5",
        "stop --timeout 99999999999s | not a duration",
        "certs --node a | needs both --node NAME and --out DIR",
        "certs --out a | needs both --node NAME and --out DIR",
        "certs --host h | --host goes with --node NAME --out DIR",
        "certs --node a --out /x --home /y | don't go with --node",
        "certs --node a_b --out /x | --node a_b can't be a name",
        "certs --node .. --out /x | --node .. can't be a name",
        "certs --node a --node a --out /x | --node a is there twice",
        "certs --node a --out /x --host a_b | neither the name of a host nor an address",
        "certs --node a --out /x --host 1.2.3.256 | neither the name of a host nor an address",
        "certs --node a --out /x --host 1::2::3 | neither the name of a host nor an address",
        "certs --node a --out /x --days 0 | --days 0 is not a number of days, expected 1 to 3650",
        "certs --node a --out /x --ca /nowhere | --ca /nowhere has no ca.pem",
        "shell | 'shell' needs a terminal",
        "help nothing | unknown command 'nothing'"
      })
  void wrongUsageIsExplained(String line, String explanation) {
    assertThat(run(line.strip().split(" "))).isEqualTo(2);
    assertThat(errors()).contains(explanation.strip());
    assertThat(output()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run", "shell", "exec", "call", "check", "stop", "service", "certs", "version", "help"
      })
  void everyCommandExplainsItself(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(output()).startsWith("usage: java -jar launcher.jar").contains(command);
    assertThat(output().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void helpListsTheCommands() {
    assertThat(run("help")).isZero();
    assertThat(output()).contains("run ").contains("exec 'LINE'").contains("Exit codes");
  }

  @Test
  void versionNamesTheJvm() {
    assertThat(run("version")).isZero();
    assertThat(output())
        .startsWith("blackhole ")
        .contains(System.getProperty("java.runtime.version"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "exec x", "call a/b {}"})
  void withoutANodeTheHintSaysHowToStartOne(String line) {
    assertThat(run(line.split(" "))).isEqualTo(3);
    assertThat(errors()).contains("no node runs at " + home).contains("run --home " + home);
  }

  @Test
  void checkPrintsThePlanOrTheErrors() throws Exception {
    assertThat(run("check")).isZero();
    assertThat(output()).isEqualTo("start order: identity\n");

    Path file = Files.writeString(home.resolve("wrong.yaml"), "wrong: 1\n");
    assertThat(run("check", "--config", file.toString())).isEqualTo(2);
    assertThat(errors()).isEqualTo(file + ":1:1 wrong: unknown key\n");
  }

  @Test
  void aHomeThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "");
    assertThat(run("run", "--no-shell", "--home", file.toString())).isEqualTo(1);
    assertThat(errors()).contains(file.toString()).contains("not a directory");
  }

  private int run(String... words) {
    out.reset();
    err.reset();
    return new Launcher(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("BLACKHOLE_HOME", home.toString()))
        .run(List.of(words));
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
