package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a child whose parent ends before the kernel knows that it should tell. */
class GuardedProcessTest {
  private static final long WE = ProcessHandle.current().pid();

  @TempDir Path temp;

  @BeforeEach
  void needsUtilLinux() throws Exception {
    assumeTrue(GuardedProcess.canRun(List.of("setsid", "setpriv", "--pdeathsig", "KILL", "--")));
  }

  private int run(List<String> wrapper, String... command) throws Exception {
    List<String> line = new ArrayList<>(wrapper);
    line.addAll(List.of(command));
    Process process =
        new ProcessBuilder(line)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(temp.resolve("out").toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aChildOfOursIsStartedWithItsArgumentsAsTheyAre() throws Exception {
    assertThat(run(GuardedProcess.wrapper("KILL", WE), "printf", "%s|", "a b", "$c", "")).isZero();
    assertThat(Files.readString(temp.resolve("out"))).isEqualTo("a b|$c||");
    assertThat(GuardedProcess.canRun(GuardedProcess.wrapper("TERM", WE))).isTrue();
  }

  @Test
  void oneWhoseParentIsAnotherByThenDoesNotBegin() throws Exception {
    Path begun = temp.resolve("begun");

    assertThat(run(GuardedProcess.wrapper("KILL", WE + 1), "touch", begun.toString())).isOne();

    assertThat(begun).doesNotExist();
  }
}
