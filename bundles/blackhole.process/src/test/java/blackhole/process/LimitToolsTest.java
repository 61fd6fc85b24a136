package blackhole.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitToolsTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max open files            1024                 20000                files
      Max nice priority         0                    %d
      """;

  @TempDir Path empty;

  @ParameterizedTest
  @CsvSource({"100, 0", "150, -2", "200, -3", "50, 3", "10, 10", "10000, -20"})
  void aWeightIsStoodInForByTheNearestNiceValue(int weight, int nice) {
    assertThat(LimitTools.niceOf(weight)).isEqualTo(nice);
  }

  @Test
  void rightsAreThoseOfCapabilitiesAndLimits() {
    assertThat(Privileges.parse("CapEff:\t0000000000000000\n", LIMITS.formatted(0), "1048576\n"))
        .isEqualTo(new Privileges(0, 20000));
    assertThat(Privileges.parse("CapEff:\t0000000000000000\n", LIMITS.formatted(25), "1048576\n"))
        .isEqualTo(new Privileges(-5, 20000));
    assertThat(Privileges.parse("CapEff:\t000001ffffffffff\n", LIMITS.formatted(0), "1048576\n"))
        .isEqualTo(new Privileges(-20, 1048576));
    assertThat(Privileges.parse("", "", "")).isEqualTo(new Privileges(0, 0));
  }

  @Test
  void aNumberOfTheKernelIsReadWhole() throws Exception {
    Path file = Path.of("/proc/sys/fs/nr_open");
    Process cat = new ProcessBuilder("cat", file.toString()).start();
    String whole = new String(cat.getInputStream().readAllBytes(), UTF_8);
    assertThat(Privileges.read(file)).isEqualTo(whole);
  }

  @Test
  void whatTheRightsDoNotCoverIsNamedAndLeftOut() {
    LimitTools tools =
        new LimitTools(new Privileges(0, 20000), new Autogroups(empty), System.getenv("PATH"));
    assertThat(tools.canNice(-3)).isEqualTo(Outcome.failed("no right to a nice value below 0"));
    assertThat(tools.canNice(3)).isEqualTo(Outcome.done("nice 3"));
    assertThat(tools.canLimitFiles(20001))
        .isEqualTo(Outcome.failed("the node itself may have no more than 20000 open files"));
  }

  @Test
  void withoutTheRightToTakeItBackNobodyIsMadeNicer() {
    LimitTools tools =
        new LimitTools(new Privileges(0, 20000), new Autogroups(empty), empty.toString());
    assertThat(tools.renice(1, 0, 6))
        .isEqualTo(Outcome.failed("no right to take a nice value back"));
    // these get as far as the program, which is not there
    assertThat(tools.renice(1, 6, 0)).isEqualTo(Outcome.failed("no renice on PATH"));
    LimitTools privileged =
        new LimitTools(new Privileges(-20, 20000), new Autogroups(empty), empty.toString());
    assertThat(privileged.renice(1, 0, 6)).isEqualTo(Outcome.failed("no renice on PATH"));
  }

  @Test
  void whereSessionsCompeteForTheProcessorTheSessionIsMadeNiceToo() throws IOException {
    String path = System.getenv("PATH");
    Privileges privileges = new Privileges(-20, 20000);
    LimitTools apart = new LimitTools(privileges, new Autogroups(empty), path);
    assertThat(apart.nice(5)).endsWith("-n", "5").hasSize(3);
    Path enabled = empty.resolve("sys/kernel/sched_autogroup_enabled");
    Files.createDirectories(enabled.resolveSibling(""));
    Files.writeString(enabled, "1\n");
    LimitTools tools = new LimitTools(privileges, new Autogroups(empty), path);
    assertThat(tools.nice(0)).isEmpty();
    assertThat(tools.nice(5)).contains("5").endsWith("-n", "5").hasSizeGreaterThan(3);
    Files.writeString(enabled, "0\n");
    assertThat(tools.nice(5)).hasSize(3);
  }

  @Test
  void aProcessFindsItsSessionAsNiceAsItself() throws Exception {
    Path own = Path.of("/proc/self/autogroup");
    assumeTrue(Files.exists(own), "a kernel without autogroups");
    List<String> command = new ArrayList<>(List.of("setsid", "--wait"));
    command.addAll(Autogroups.nice("/bin/sh", 7));
    command.addAll(List.of("cat", own.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).endsWith("nice 7\n");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    LimitTools tools =
        new LimitTools(new Privileges(-20, 20000), new Autogroups(empty), empty.toString());
    assertThat(List.of(tools.canNice(1), tools.canIonice(4), tools.canLimitFiles(64)))
        .containsExactly(
            Outcome.failed("no nice on PATH"),
            Outcome.failed("no ionice on PATH"),
            Outcome.failed("no prlimit on PATH"));
    assertThat(tools.shell()).isEmpty();
  }
}
