package blackhole.orchestrator.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of reports as JDK 17 writes them. */
class CrashTest {
  private static Optional<Crash> crash(String report) {
    return Crash.of(report.lines().toList());
  }

  @Test
  void aFaultIsNamedWithItsPlace() {
    assertThat(
            crash(
                """
                #
                # A fatal error has been detected by the Java Runtime Environment:
                #
                #  SIGSEGV (0xb) at pc=0x00007f2a076d3d0c, pid=10843, tid=10844
                #
                # JRE version: OpenJDK Runtime Environment (17.0.15+6)
                # Problematic frame:
                # V  [libjvm.so+0xed3d0c]  Unsafe_GetByte+0x12c
                #
                """))
        .contains(
            new Crash(
                "crashed with SIGSEGV in V [libjvm.so+0xed3d0c] Unsafe_GetByte+0x12c",
                Optional.of("SIGSEGV"),
                false));
  }

  @Test
  void anErrorOfTheJvmItselfHasNoSignal() {
    assertThat(
            crash(
                """
                # A fatal error has been detected by the Java Runtime Environment:
                #
                #  Internal Error (safepoint.cpp:712), pid=27, tid=33
                #  fatal error: Illegal threadstate encountered: 4
                """))
        .contains(
            new Crash("crashed with Internal Error (safepoint.cpp:712)", Optional.empty(), false));
  }

  @Test
  void memoryThatTheSystemDidNotGiveIsNoFault() {
    assertThat(
            crash(
                """
                #
                # There is insufficient memory for the Java Runtime Environment to continue.
                # Native memory allocation (mmap) failed to map 65536 bytes for committing reserved memory.
                # Possible reasons:
                """))
        .contains(
            new Crash(
                "out of memory (Native memory allocation (mmap) failed to map 65536 bytes for"
                    + " committing reserved memory.)",
                Optional.empty(),
                true));
  }

  @Test
  void whatIsNoReportSaysNothing() {
    assertThat(Crash.of(List.of())).isEmpty();
    assertThat(crash("# Problematic frame:")).isEmpty();
    assertThat(crash("SIGSEGV")).isEmpty();
  }
}
