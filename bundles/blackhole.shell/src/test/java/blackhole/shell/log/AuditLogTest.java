package blackhole.shell.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.supervision.AuditTrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("audit.log");
  }

  private AuditLog log() {
    return new AuditLog(
        file(), Clock.fixed(Instant.parse("2026-03-04T05:06:07.089Z"), ZoneOffset.UTC), "ada");
  }

  private static String line(String outcome, String message) {
    return "{\"time\":\"2026-03-04T05:06:07.089Z\",\"user\":\"ada\","
        + "\"asked\":\"2026-03-04T05:06:07.089Z\",\"number\":1,\"command\":\"stop\","
        + "\"arguments\":[\"identity\"],\"outcome\":\""
        + outcome
        + "\",\"message\":"
        + message
        + "}";
  }

  @Test
  void aChangeIsThereBeforeItIsMadeAndAfter() throws Exception {
    log()
        .make(
            "stop",
            List.of("identity"),
            () -> assertThat(Files.readAllLines(file())).containsExactly(line("asked", "null")));
    assertThat(Files.readAllLines(file()))
        .containsExactly(line("asked", "null"), line("done", "null"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void whyItFailedIsKeptAndSaid() throws IOException {
    assertThatThrownBy(
            () ->
                log()
                    .make(
                        "stop",
                        List.of("identity"),
                        () -> {
                          throw new IllegalStateException("the node is stopping");
                        }))
        .hasMessage("the node is stopping");
    assertThat(Files.readAllLines(file()))
        .containsExactly(line("asked", "null"), line("failed", "\"the node is stopping\""));
  }

  @Test
  void whatNoCommandAskedForIsKeptToo() throws IOException {
    AuditTrail.Change change = log().asked("bob", "stop", List.of("identity"));
    change.failed("it is no jar");
    assertThat(Files.readAllLines(file()))
        .containsExactly(
            line("asked", "null").replace("ada", "bob"),
            line("failed", "\"it is no jar\"").replace("ada", "bob"));
  }

  @Test
  void aFullFileIsPutAside() throws Exception {
    Files.write(file(), new byte[(int) AuditLog.MAX_BYTES]);
    log().make("stop", List.of("identity"), () -> {});
    assertThat(Files.readAllLines(file())).hasSize(2);
    assertThat(Files.size(directory.resolve("audit.log.1"))).isEqualTo(AuditLog.MAX_BYTES);
  }

  @Test
  void whatCannotBeWrittenDownIsDoneAllTheSame() throws Exception {
    Files.createDirectory(file());
    int[] done = {0};
    log().make("stop", List.of("identity"), () -> done[0]++);
    assertThat(done[0]).isEqualTo(1);
  }
}
