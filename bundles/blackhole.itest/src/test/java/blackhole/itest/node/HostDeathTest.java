package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonObject;
import io.grpc.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a service whose process dies, is told to end, or is halted. */
class HostDeathTest {
  private static TestNode node;
  private static Channel channel;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            """
            supervisor:
              health_check_interval: 1s
              health_check_timeout: 1s
              liveness_failures: 8
            services:
              identity:
                restart_policy: { max_restarts: 100, restart_delay: 10ms, max_backoff: 50ms }
            """);
    channel = node.channel("identity");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aKilledProcessIsReplacedAndNothingAcknowledgedIsLost() {
    Users.register(channel, "alice");
    int restarts = node.status("identity").get("restarts").getAsInt();
    Path socket = realSocket();

    long old = node.kill("identity");
    node.awaitReplaced("identity", old, TestNode.PATIENCE);

    assertThat(Users.authenticate(channel, "alice")).isNotEmpty();
    JsonObject row = node.status("identity");
    assertThat(row.get("restarts").getAsInt()).isEqualTo(restarts + 1);
    assertThat(row.get("last_exit").getAsString()).isEqualTo("ended from outside by SIGKILL");
    assertThat(row.get("last_restart").isJsonNull()).isFalse();
    JsonObject failure = node.info("identity").getAsJsonArray("failures").get(0).getAsJsonObject();
    assertThat(failure.get("signal").getAsString()).isEqualTo("SIGKILL");
    assertThat(failure.get("exit_code").getAsInt()).isEqualTo(137);
    assertThat(failure.get("lived_seconds").getAsDouble()).isPositive();
    assertThat(failure.getAsJsonArray("last_log_lines")).isNotEmpty();
    assertThat(failure.get("kind").getAsString()).isEqualTo("killed");
    assertThat(socket).doesNotExist();
    assertThat(realSocket()).isNotEqualTo(socket);
  }

  private static Path realSocket() {
    Path link = node.socket("identity");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    return link.getParent().resolve(readLink(link));
  }

  private static Path readLink(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aProcessThatIsToldToEndFromOutsideDrainsAndIsReplaced() {
    long old = node.pid("identity").orElseThrow();

    TestNode.signal(old, "TERM");
    node.awaitReplaced("identity", old, TestNode.PATIENCE);

    assertThat(node.lastCause("identity"))
        .isEqualTo("ended from outside by SIGTERM, after a drain (SIGTERM)");
    assertThat(Files.exists(node.socket("identity"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void aProcessThatHangsIsUnreachableThenKilledAndReplaced() {
    long old = node.pid("identity").orElseThrow();

    TestNode.signal(old, "STOP");
    awaitHealth("unreachable");
    node.awaitReplaced("identity", old, TestNode.PATIENCE);

    assertThat(node.lastCause("identity"))
        .isEqualTo("hung: 8 health checks in a row were not answered");
    JsonObject failure = node.info("identity").getAsJsonArray("failures").get(0).getAsJsonObject();
    assertThat(failure.get("kind").getAsString()).isEqualTo("hung");
    assertThat(Processes.lives(old)).isFalse();
  }

  @Test
  void aProcessThatIsHaltedForAMomentComesBackAsItWas() {
    long pid = node.pid("identity").orElseThrow();

    TestNode.signal(pid, "STOP");
    awaitHealth("unreachable");
    assertThat(node.state("identity")).isEqualTo("READY");
    TestNode.signal(pid, "CONT");
    awaitHealth("healthy");

    assertThat(node.pid("identity")).hasValue(pid);
  }

  private static void awaitHealth(String health) {
    Await.until(
        "identity is " + health,
        TestNode.PATIENCE,
        () -> node.status("identity").get("health").getAsString().equals(health));
  }
}
