package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.client.service.Echo;
import blackhole.client.service.TestClients;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An instance whose calls fail is left out while another one answers, and comes back. */
class OutlierTest {
  /** So many in turn without the other: in a rotation of two it cannot be chance. */
  private static final int ALONE = 20;

  @TempDir Path folder;
  private TestNode node;
  private final AtomicInteger bad = new AtomicInteger();
  private final AtomicBoolean healed = new AtomicBoolean();

  @BeforeEach
  void open() throws Exception {
    node =
        new TestNode(
            folder,
            null,
            (directory, identity, transports) ->
                TestClients.watching(
                    directory,
                    identity,
                    transports,
                    Duration.ofMillis(200),
                    Duration.ofSeconds(2)));
    Server unused = node.serve("good", Echo.Handler.answering("good"));
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  /** A breaker that keeps out of the way, and methods that nobody retries. */
  private static CallPolicy policy() {
    return new CallPolicy(
        Duration.ofSeconds(30),
        0,
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        1.5,
        1 << 20,
        1024,
        100_000,
        2,
        Duration.ofSeconds(30),
        CallPolicy.DEFAULT.remoteFallback());
  }

  private void serveBad(Status status) throws Exception {
    Server unused =
        node.serve(
            "bad",
            (request, answer) -> {
              bad.incrementAndGet();
              if (healed.get()) {
                Echo.Handler.answering("healed").handle(request, answer);
              } else {
                answer.onError(status.asRuntimeException());
              }
            });
  }

  private String say() {
    try {
      return node.call(Echo.POST);
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode().toString();
    }
  }

  /** All of them each time: an instance is judged by how often it failed in a short while. */
  private boolean goodAnswersAlone() {
    int good = 0;
    for (int i = 0; i < ALONE; i++) {
      good += say().equals("good") ? 1 : 0;
    }
    return good == ALONE;
  }

  /** Calls without a pause, so that one look at the instances finds enough to judge them by. */
  private boolean oneIsLeftOut() {
    for (int i = 0; i < ALONE; i++) {
      String unused = say();
    }
    return node.counted().ejected() > 0;
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "INTERNAL"})
  void anInstanceThatFailsIsLeftOutAndComesBack(Status.Code code) throws Exception {
    serveBad(code.toStatus());
    node.register(Availability.SERVING, policy(), node.local("good"), node.local("bad"));

    Await.until("the failing instance is left out", this::oneIsLeftOut);
    Await.until("no call goes there", this::goodAnswersAlone);
    assertThat(bad).hasPositiveValue();

    healed.set(true);
    Await.until("it is back", () -> say().equals("healed"));
    assertThat(node.counted().ejected()).isGreaterThanOrEqualTo(1);
    long ejected = node.counted().ejected();
    for (int i = 0; i < 10 * ALONE; i++) {
      assertThat(say()).isIn("good", "healed");
    }
    assertThat(node.counted().ejected()).as("a sound one stays in").isEqualTo(ejected);
  }

  @Test
  void anInstanceThatEndsIsNotCountedAsLeftOut() throws Exception {
    TestNode.Mortal mortal = node.serveMortal("mortal", Echo.Handler.answering("mortal"));
    node.register(Availability.SERVING, policy(), node.local("good"), node.local("mortal"));
    Await.until("both answer", () -> say().equals("mortal"));

    mortal.kill();

    Await.until("the other goes on", this::goodAnswersAlone);
    assertThat(node.counted().ejected()).isZero();
  }

  @Test
  void theLastOneIsNeverLeftOut() throws Exception {
    serveBad(Status.INTERNAL);
    Server unused =
        node.serve(
            "worse", (request, answer) -> answer.onError(Status.INTERNAL.asRuntimeException()));
    node.register(Availability.SERVING, policy(), node.local("worse"), node.local("bad"));

    Await.until("one is left out", this::oneIsLeftOut);
    for (int i = 0; i < 10 * ALONE; i++) {
      assertThat(say()).as("as it was answered, not for want of an instance").isEqualTo("INTERNAL");
    }
  }
}
