package blackhole.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.control.v1.HostCaller;
import blackhole.control.v1.HostCallers;
import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KnownCallersTest {
  private final ManualTimer timer = new ManualTimer();
  private final KnownCallers callers =
      KnownCallers.told(
          (delay, task) -> {
            var scheduled = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
          },
          Runnable::run);

  @Test
  void whoIsUnknownIsWaitedForUntilThereIsNews() throws Exception {
    CompletableFuture<Optional<String>> waiting = later("new");
    callers.replace(listing("other"));
    assertThat(waiting).as("that was news of somebody else").isNotDone();

    callers.replace(listing("other", "new"));

    assertThat(waiting).isCompletedWithValue(Optional.of("host of new"));
    timer.awaitIdle();
  }

  @Test
  void newsThatCameJustBeforeIsFound() throws Exception {
    callers.replace(listing("new"));
    assertThat(later("new")).isCompletedWithValue(Optional.of("host of new"));
    timer.awaitIdle();
  }

  @Test
  void whoStaysUnknownIsWaitedForOnlySoLong() throws Exception {
    CompletableFuture<Optional<String>> waiting = later("forged");
    ManualTimer.Task patience = timer.take(Duration.ZERO, KnownCallers.PATIENCE);
    assertThat(waiting).isNotDone();

    patience.run();

    assertThat(waiting).isCompletedWithValue(Optional.empty());
    callers.replace(listing("forged"));
    assertThat(waiting).as("was answered").isCompletedWithValue(Optional.empty());
  }

  @Test
  void noMoreThanSoManyWait() throws Exception {
    List<CompletableFuture<Optional<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < KnownCallers.MAX_WAITING; i++) {
      waiting.add(later("new"));
    }
    assertThat(later("new")).isCompletedWithValue(Optional.empty());

    callers.replace(listing("new"));

    assertThat(waiting)
        .allSatisfy(one -> assertThat(one).isCompletedWithValue(Optional.of("host of new")));
    CompletableFuture<Optional<String>> again = later("forged");
    assertThat(again).as("there is room again").isNotDone();
    timer.take(Duration.ZERO, KnownCallers.PATIENCE).run();
  }

  @Test
  void whoIsToldOfNobodyWaitsForNobody() {
    assertThat(KnownCallers.untold().verifyLater("any").toCompletableFuture())
        .isCompletedWithValue(Optional.empty());
  }

  private CompletableFuture<Optional<String>> later(String token) {
    return callers.verifyLater(token).toCompletableFuture();
  }

  private static HostCallers listing(String... tokens) throws Exception {
    HostCallers.Builder list = HostCallers.newBuilder();
    for (String token : tokens) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII));
      list.addCallers(
          HostCaller.newBuilder()
              .setName("host of " + token)
              .setCallTokenSha256(ByteString.copyFrom(digest)));
    }
    return list.build();
  }
}
