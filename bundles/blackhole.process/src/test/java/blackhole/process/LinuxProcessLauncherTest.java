package blackhole.process;

import static blackhole.process.Children.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinuxProcessLauncherTest {
  @TempDir Path folder;
  private final LinuxProcessLauncher launcher = new LinuxProcessLauncher();
  private final ProcFs procFs = new ProcFs();
  private Children children;

  @BeforeEach
  void open() {
    children = new Children(launcher, folder);
  }

  @AfterEach
  void close() {
    children.close();
  }

  @ParameterizedTest
  @CsvSource({
    "exit 0, 0",
    "exit 1, 1",
    "exit 3, 3",
    "exit 255, 255",
    "kill -KILL $$, 137",
    "kill -TERM $$, 143",
    "kill -SEGV $$, 139",
    "kill -ABRT $$, 134"
  })
  void tellsHowAProcessEnded(String script, int exitCode) throws Exception {
    assertThat(await(children.script(script).onExit())).isEqualTo(exitCode);
  }

  @Test
  void givesExactlyTheEnvironment() throws Exception {
    Map<String, String> environment = Map.of("SERVICE_NAME", "identity", "EMPTY", "", "U", "ü ö");
    await(children.launch(List.of("/usr/bin/env"), environment).onExit());
    assertThat(children.printed().lines())
        .containsExactlyInAnyOrder("SERVICE_NAME=identity", "EMPTY=", "U=ü ö");
  }

  @Test
  void appendsBothOutputsAndGivesNoInput() throws Exception {
    Files.writeString(children.output(), "before\n");
    await(children.script("cat; echo out; echo err >&2").onExit());
    assertThat(children.printed()).isEqualTo("before\nout\nerr\n");
  }

  @Test
  void pathsMayHoldSpacesAndAnyLetters() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("a folder – größer"));
    Path program = odd.resolve("pro gräm");
    Files.writeString(program, "#!/bin/sh\npwd\nprintf '%s\\n' \"$@\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path output = odd.resolve("öut");
    RunningProcess process =
        launcher.launch(
            new ProcessSpec(List.of("./pro gräm", "two words", "", "λ"), Map.of(), odd, output));
    assertThat(await(process.onExit())).isZero();
    assertThat(output)
        .hasContent(String.join("\n", odd.toRealPath().toString(), "two words", "", "λ") + "\n");
  }

  @Test
  void isInASessionAndGroupOfItsOwn() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process = children.script("exec 3>pipe; echo up >&3; exec sleep 600");
    assertThat(pipe.line()).isEqualTo("up");
    ProcessStat stat = procFs.stat(process.identity()).orElseThrow();
    assertThat(stat.group()).isEqualTo(process.identity().pid());
    assertThat(stat.session()).isEqualTo(process.identity().pid());
  }

  @Test
  void killEndsTheGrandchildrenToo() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process =
        children.script(
            "exec 3>pipe; trap '' TERM; (trap '' TERM; sleep 600) & setsid sleep 600 & "
                + "echo up >&3; wait");
    assertThat(pipe.line()).isEqualTo("up");
    process.kill();
    assertThat(await(process.onExit())).isEqualTo(137);
    assertThat(pipe.line()).as("held open by any that is left").isNull();
  }

  @Test
  void whatACrashedProcessLeavesBehindEndsWithIt() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process = children.script("exec 3>pipe; sleep 600 & exit 1");
    assertThat(await(process.onExit())).isEqualTo(1);
    assertThat(pipe.line()).isNull();
  }

  @Test
  void withoutSetsidAndKillTheGrandchildrenStillEnd() throws Exception {
    try (Children bare = new Children(new LinuxProcessLauncher(folder.toString()), folder)) {
      Children.Pipe pipe = bare.pipe("pipe");
      RunningProcess process = bare.script("exec 3>pipe; sleep 600 & echo up >&3; wait");
      assertThat(pipe.line()).isEqualTo("up");
      process.kill();
      assertThat(await(process.onExit())).isEqualTo(137);
      assertThat(pipe.line()).isNull();
    }
  }

  @Test
  void terminateAsksAndKillDoesNot() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process =
        children.script(
            "exec 3>pipe; trap 'echo asked >&3' TERM; echo up >&3; "
                + "while :; do sleep 600 & wait; done");
    assertThat(pipe.line()).isEqualTo("up");
    process.terminate();
    assertThat(pipe.line()).isEqualTo("asked");
    assertThat(procFs.lives(process.identity())).isTrue();
    process.kill();
    assertThat(await(process.onExit())).isEqualTo(137);
    process.kill();
    process.terminate();
  }

  @Test
  void aStrangerWithARecycledNumberLives() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess stranger =
        children.script(
            "exec 3>pipe; trap 'echo hurt >&3; exit' TERM; echo up >&3; sleep 600 & wait");
    assertThat(pipe.line()).isEqualTo("up");
    ProcessIdentity now = stranger.identity();
    ProcessIdentity recorded = new ProcessIdentity(now.pid(), now.startTicks() - 1);

    launcher.terminate(recorded);
    launcher.kill(recorded);
    assertThat(launcher.environment(recorded, "PATH")).isEmpty();

    assertThat(launcher.find(now.pid())).contains(now);
    assertThat(launcher.environment(now, "PATH")).isPresent();
    launcher.terminate(now);
    assertThat(pipe.line()).as("the first signal that reached it").isEqualTo("hurt");
  }

  @Test
  void endsAProcessThatIsKnownByItsIdentityOnly() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process = children.script("exec 3>pipe; sleep 600 & echo up >&3; wait");
    assertThat(pipe.line()).isEqualTo("up");
    launcher.kill(process.identity());
    assertThat(await(process.onExit())).isEqualTo(137);
    assertThat(pipe.line()).isNull();
    assertThat(launcher.find(process.identity().pid())).isEmpty();
    launcher.kill(process.identity());
    launcher.terminate(process.identity());
  }

  @Test
  void readsAVariableOfAProcessThatRuns() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process =
        children.launch(
            List.of("/bin/sh", "-c", "exec 3>pipe; echo up >&3; sleep 600 & wait"),
            Map.of("PATH", "/bin", "BLACKHOLE_TOKEN", "s=3cret", "BLACKHOLE_TOKEN_2", "other"));
    assertThat(pipe.line()).isEqualTo("up");
    assertThat(launcher.environment(process.identity(), "BLACKHOLE_TOKEN")).contains("s=3cret");
    assertThat(launcher.environment(process.identity(), "BLACKHOLE")).isEmpty();
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    assertThatThrownBy(() -> children.launch(List.of("/no/such/java"), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("no such program: /no/such/java");
    assertThatThrownBy(() -> children.launch(List.of("java"), Map.of("PATH", "/nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessage("no such program: java");
  }

  @Test
  void aFolderOrOutputThatIsMissingIsNamed() {
    Path missing = folder.resolve("missing");
    List<String> command = List.of("/bin/true");
    assertThatThrownBy(
            () -> launcher.launch(new ProcessSpec(command, Map.of(), missing, children.output())))
        .isInstanceOf(IOException.class)
        .hasMessage("no such folder to start in: " + missing);
    assertThatThrownBy(
            () ->
                launcher.launch(new ProcessSpec(command, Map.of(), folder, missing.resolve("out"))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot start ")
        .hasMessageContaining(missing.resolve("out") + " (No such file or directory)");
  }

  @Test
  void aFileThatIsNoProgramForThisMachineEnds() throws Exception {
    Path broken = folder.resolve("broken");
    Files.write(broken, new byte[] {0x7f, 'E', 'L', 'F', 0, 0, 0, 0});
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    int exitCode = await(children.launch(List.of(broken.toString()), Map.of()).onExit());
    assertThat(exitCode).as("as a shell says it").isIn(126, 127);
    assertThat(children.printed()).contains(broken.toString());
  }
}
