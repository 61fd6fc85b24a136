package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.FailureKind;
import blackhole.orchestrator.evidence.Crash;
import blackhole.orchestrator.evidence.Exhaustion;
import blackhole.orchestrator.evidence.Findings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCauseTest {
  private static final Ask NOBODY = new Ask.Nobody();
  private static final Ask STOP = new Ask.Stop("alice");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0   |         | exited with code 0, though nobody had asked it to
          1   |         | exited with code 1
          2   |         | exited with code 2
          3   |         | out of memory: the JVM could not go on and exited with code 3
          255 |         | exited with code 255
          129 | SIGHUP  | ended from outside by SIGHUP
          130 | SIGINT  | ended from outside by SIGINT
          134 | SIGABRT | crashed with SIGABRT (its output may tell where)
          135 | SIGBUS  | crashed with SIGBUS (its output may tell where)
          137 | SIGKILL | ended from outside by SIGKILL
          139 | SIGSEGV | crashed with SIGSEGV (its output may tell where)
          143 | SIGTERM | ended from outside by SIGTERM
          163 | SIG35   | ended from outside by SIG35
          """)
  void byExitCode(int exitCode, String signal, String words) {
    ExitCause cause = cause(OptionalInt.of(exitCode), Phase.READY, NOBODY, Evidence.NONE);
    assertThat(cause.words()).isEqualTo(words);
    assertThat(cause.signal()).isEqualTo(Optional.ofNullable(signal));
    assertThat(cause.exitCode()).hasValue(exitCode);
  }

  @Test
  void byHowFarItHadCome() {
    Evidence installed = Evidence.NONE.withStep("bundle installed");
    assertThat(words(1, Phase.BEFORE_HANDSHAKE, NOBODY, Evidence.NONE))
        .isEqualTo("exited with code 1, before the handshake");
    assertThat(words(1, Phase.BEFORE_READY, NOBODY, installed))
        .isEqualTo(
            "exited with code 1, after the handshake but before it was ready"
                + " (last step: bundle installed)");
    assertThat(words(137, Phase.BEFORE_READY, NOBODY, Evidence.NONE))
        .isEqualTo(
            "ended from outside by SIGKILL, after the handshake but before it was ready"
                + " (no step after the handshake)");
  }

  @Test
  void byWhatTheHostSaid() {
    Evidence refused = Evidence.NONE.withStartFailure("no component registers a BindableService");
    assertThat(words(1, Phase.BEFORE_READY, NOBODY, refused))
        .isEqualTo("could not start: no component registers a BindableService");
    assertThat(words(137, Phase.BEFORE_READY, NOBODY, refused))
        .as("killed, because it did not exit then")
        .isEqualTo("could not start: no component registers a BindableService");
  }

  @Test
  void aKillForItsMemoryIsNotAnOperators() {
    Evidence cgroup = Evidence.NONE.with(Findings.ofCgroupKill("cgroup limit 256 MB"));
    assertThat(words(137, Phase.READY, NOBODY, cgroup))
        .isEqualTo("out of memory (cgroup limit 256 MB)");
    assertThat(words(1, Phase.READY, NOBODY, cgroup))
        .as("the kernel killed a child of it")
        .isEqualTo("exited with code 1");
  }

  @Test
  void byItsLastWords() {
    Evidence heap =
        Evidence.NONE.with(
            Findings.ofExhaustion(
                new Exhaustion(FailureKind.HEAP_OUT_OF_MEMORY, "out of memory (heap)")));
    ExitCause cause = cause(OptionalInt.of(3), Phase.READY, NOBODY, heap);
    assertThat(cause.words()).isEqualTo("out of memory (heap)");
    assertThat(cause.kind()).isEqualTo(FailureKind.HEAP_OUT_OF_MEMORY);
    assertThat(words(1, Phase.READY, NOBODY, heap))
        .as("whatever it may have printed")
        .isEqualTo("exited with code 1");
  }

  @Test
  void byTheReportOfTheJvm() {
    Crash crash = new Crash("crashed with SIGSEGV in C [libc.so.6]", Optional.of("SIGSEGV"), false);
    Evidence report = Evidence.NONE.with(Findings.ofCrash(crash, Path.of("/log/hs_err_a-1.log")));
    ExitCause cause = cause(OptionalInt.of(134), Phase.READY, NOBODY, report);
    assertThat(cause.words())
        .isEqualTo("crashed with SIGSEGV in C [libc.so.6] (see /log/hs_err_a-1.log)");
    assertThat(cause.signal()).as("the JVM aborts after it").contains("SIGSEGV");
    assertThat(cause.exitCode()).hasValue(134);
    assertThat(cause.kind()).isEqualTo(FailureKind.CRASHED);
    assertThat(cause(OptionalInt.of(137), Phase.READY, NOBODY, report).kind())
        .isEqualTo(FailureKind.KILLED);
  }

  @ParameterizedTest
  @CsvSource({
    "0, EXITED",
    "1, EXITED",
    "3, OUT_OF_MEMORY",
    "139, CRASHED",
    "137, KILLED",
    "143, KILLED"
  })
  void eachEndHasItsKind(int exitCode, FailureKind kind) {
    assertThat(cause(OptionalInt.of(exitCode), Phase.READY, NOBODY, Evidence.NONE).kind())
        .isEqualTo(kind);
  }

  @Test
  void byWhatWeDid() {
    assertThat(words(137, Phase.READY, new Ask.Hung(3), Evidence.NONE))
        .isEqualTo("hung: 3 health checks in a row were not answered");
    assertThat(words(137, Phase.READY, new Ask.Hung(1), Evidence.NONE))
        .isEqualTo("hung: a health check was not answered");
    Ask timeout = new Ask.StartTimeout(Duration.ofSeconds(30));
    assertThat(words(137, Phase.BEFORE_HANDSHAKE, timeout, Evidence.NONE))
        .isEqualTo("not ready within 30 s (no handshake)");
    assertThat(words(137, Phase.BEFORE_READY, timeout, Evidence.NONE.withStep("framework up")))
        .isEqualTo("not ready within 30 s (last step: framework up)");
  }

  @Test
  void byADrainThatCameFromOutside() {
    Ask outside = new Ask.Outside("SIGTERM");
    assertThat(words(143, Phase.READY, outside, Evidence.NONE))
        .isEqualTo("ended from outside by SIGTERM, after a drain (SIGTERM)");
    assertThat(words(0, Phase.READY, outside, Evidence.NONE))
        .isEqualTo("exited with code 0, though nobody had asked it to, after a drain (SIGTERM)");
    assertThat(
            ExitCause.of(OptionalInt.of(137), Phase.READY, outside, Escalation.KILL, Evidence.NONE)
                .words())
        .isEqualTo("killed, because it did not end after a drain that came from outside (SIGTERM)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0   | DRAIN     | stopped, as alice asked
          1   | DRAIN     | stopped, as alice asked (with exit code 1)
          143 | TERMINATE | stopped, as alice asked (by SIGTERM)
          137 | KILL      | stopped, as alice asked (by SIGKILL)
          """)
  void byAStop(int exitCode, Escalation reached, String words) {
    assertThat(
            ExitCause.of(OptionalInt.of(exitCode), Phase.READY, STOP, reached, Evidence.NONE)
                .words())
        .isEqualTo(words);
  }

  @Test
  void whenTheCodeCannotBeKnown() {
    ExitCause cause = cause(OptionalInt.empty(), Phase.READY, NOBODY, Evidence.NONE);
    assertThat(cause.words()).isEqualTo("ended; its exit code is unknown (adopted)");
    assertThat(cause.signal()).isEmpty();
    assertThat(cause(OptionalInt.empty(), Phase.READY, STOP, Evidence.NONE).words())
        .isEqualTo("stopped, as alice asked");
  }

  @Test
  void whenThereNeverWasAProcess() {
    assertThat(ExitCause.notSpawned("no such program: /usr/bin/java"))
        .isEqualTo(
            new ExitCause(
                FailureKind.NOT_SPAWNED,
                "its process could not be started: no such program: /usr/bin/java",
                OptionalInt.empty(),
                Optional.empty()));
  }

  @Test
  void eachUnaskedEndHasWordsOfItsOwn() {
    Set<String> words = new HashSet<>();
    List<Integer> codes = List.of(0, 1, 3, 134, 137, 139, 143);
    for (int code : codes) {
      for (Phase phase : Phase.values()) {
        words.add(words(code, phase, NOBODY, Evidence.NONE));
      }
    }
    assertThat(words).hasSize(codes.size() * Phase.values().length);
  }

  private static String words(int exitCode, Phase phase, Ask ask, Evidence evidence) {
    return cause(OptionalInt.of(exitCode), phase, ask, evidence).words();
  }

  private static ExitCause cause(OptionalInt exitCode, Phase phase, Ask ask, Evidence evidence) {
    return ExitCause.of(exitCode, phase, ask, Escalation.DRAIN, evidence);
  }
}
