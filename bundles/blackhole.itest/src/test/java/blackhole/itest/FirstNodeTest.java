package blackhole.itest;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.identity.v1.AuthRequest;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.RegisterRequest;
import blackhole.testkit.Await;
import blackhole.testkit.RestartPolicy;
import blackhole.testkit.TestNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The two tests that the project grew from. */
class FirstNodeTest {
  private static final RestartPolicy POLICY = new RestartPolicy(5, Duration.ofSeconds(1));

  @Test
  void countsTheRequestsOfAServiceThatWasStarted() {
    try (TestNode node = TestNode.builder().create()) {
      node.startService("identity", POLICY);
      assertThat(node.isHealthy("identity")).isTrue();
      double before = node.metrics("identity").orElseThrow().get("requests_total");
      IdentityGrpc.newBlockingStub(node.channel("identity"))
          .register(
              RegisterRequest.newBuilder()
                  .setUsername("alice")
                  .setPassword("correct horse")
                  .build());
      Await.until(
          "the request is counted",
          TestNode.PATIENCE,
          () -> node.metrics("identity").orElseThrow().get("requests_total") == before + 1);
    }
  }

  @Test
  void replacesAProcessThatIsKilled() {
    try (TestNode node = TestNode.builder().create()) {
      node.startService("identity", POLICY);
      var identity = IdentityGrpc.newBlockingStub(node.channel("identity"));
      identity.register(
          RegisterRequest.newBuilder().setUsername("bob").setPassword("correct horse").build());

      long old = node.kill("identity");

      node.awaitReplaced("identity", old, TestNode.PATIENCE);
      assertThat(node.isHealthy("identity")).isTrue();
      assertThat(node.status("identity").get("restarts").getAsInt()).isEqualTo(1);
      assertThat(node.status("identity").get("last_exit").getAsString()).contains("SIGKILL");
      assertThat(
              identity
                  .withWaitForReady()
                  .authenticate(
                      AuthRequest.newBuilder()
                          .setUsername("bob")
                          .setPassword("correct horse")
                          .build())
                  .getToken())
          .isNotEmpty();
    }
  }
}
