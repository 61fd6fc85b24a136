package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
  void whatTheRightsDoNotCoverIsNamedAndLeftOut() {
    LimitTools tools = new LimitTools(new Privileges(0, 20000), System.getenv("PATH"));
    assertThat(tools.canNice(-3)).isEqualTo(Outcome.failed("no right to a nice value below 0"));
    assertThat(tools.canNice(3)).isEqualTo(Outcome.done("nice 3"));
    assertThat(tools.canLimitFiles(20001))
        .isEqualTo(Outcome.failed("the node itself may have no more than 20000 open files"));
  }

  @Test
  void withoutTheRightToTakeItBackNobodyIsMadeNicer() {
    LimitTools tools = new LimitTools(new Privileges(0, 20000), empty.toString());
    assertThat(tools.renice(1, 0, 6))
        .isEqualTo(Outcome.failed("no right to take a nice value back"));
    // these get as far as the program, which is not there
    assertThat(tools.renice(1, 6, 0)).isEqualTo(Outcome.failed("no renice on PATH"));
    LimitTools privileged = new LimitTools(new Privileges(-20, 20000), empty.toString());
    assertThat(privileged.renice(1, 0, 6)).isEqualTo(Outcome.failed("no renice on PATH"));
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    LimitTools tools = new LimitTools(new Privileges(-20, 20000), empty.toString());
    assertThat(List.of(tools.canNice(1), tools.canIonice(4), tools.canLimitFiles(64)))
        .containsExactly(
            Outcome.failed("no nice on PATH"),
            Outcome.failed("no ionice on PATH"),
            Outcome.failed("no prlimit on PATH"));
    assertThat(tools.shell()).isEmpty();
  }
}
