package blackhole.orchestrator.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  @TempDir Path log;

  @Test
  void aPlainEndLeavesNothing() {
    assertThat(
            Leftovers.of(
                List.of(), log.resolve("hs_err"), log.resolve("a.hprof"), Optional.empty()))
        .isEqualTo(Findings.NONE);
  }

  @Test
  void filesAreNamedOnceTheyAreThere() throws IOException {
    Path report = Files.writeString(log.resolve("hs_err"), "#\n#  SIGBUS (0x7) at pc=0x0\n");
    Path dump = Files.createFile(log.resolve("a.hprof"));
    Findings findings = Leftovers.of(List.of(), report, dump, Optional.of("cgroup limit 1 GB"));
    assertThat(findings.crash()).map(Crash::what).contains("crashed with SIGBUS");
    assertThat(findings.crashReport()).contains(report);
    assertThat(findings.heapDump()).contains(dump);
    assertThat(findings.cgroupKill()).contains("cgroup limit 1 GB");
  }

  @Test
  void ofALargeReportOnlyTheTopIsRead() throws IOException {
    Path report =
        Files.writeString(log.resolve("hs_err"), "#\n".repeat(1 << 14) + "#  SIGBUS (0x7) at pc=0");
    Findings findings = Leftovers.of(List.of(), report, log.resolve("no"), Optional.empty());
    assertThat(findings.crash()).isEmpty();
    assertThat(findings.crashReport()).contains(report);
  }
}
