package blackhole.client.service;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SituationTest {
  private static final Duration NOT_YET = Duration.ZERO;

  private final TestDirectory directory = new TestDirectory();
  private final AtomicTicker ticker = new AtomicTicker();

  @Test
  void anExpectedServiceIsWaitedForUpToALimit() {
    Situation situation = expected(Optional.empty());
    assertThat(decide(situation, null, NOT_YET).answer()).isNull();
    assertThat(decide(situation, null, Duration.ofSeconds(29)).answer()).isNull();
    assertThat(reason(decide(situation, null, Situation.HOLD_LIMIT)))
        .isEqualTo(Reasons.SERVICE_NOT_READY);
  }

  @Test
  void aRestartWithinTheDeadlineIsWaitedFor() {
    Situation situation = expected(Optional.of(after(8)));
    assertThat(decide(situation, after(9), NOT_YET).answer()).isNull();
    RpcStatus answer = decide(situation, after(7), NOT_YET).answer();
    assertThat(RpcStatus.reasonOf(answer.asException())).contains(Reasons.SERVICE_NOT_READY);
    assertThat(RpcStatus.retryAfterOf(answer.asException())).contains(Duration.ofSeconds(8));
  }

  @Test
  void aRestartBeyondTheLimitIsNotEvenWithoutADeadline() {
    assertThat(decide(expected(Optional.of(after(29))), null, NOT_YET).answer()).isNull();
    assertThat(decide(expected(Optional.of(after(31))), null, NOT_YET).answer()).isNotNull();
  }

  @Test
  void aRestartThatIsDueIsWaitedFor() {
    Situation situation = expected(Optional.of(after(1)));
    ticker.nanos += TimeUnit.SECONDS.toNanos(5);
    assertThat(decide(situation, after(1), NOT_YET).answer()).isNull();
  }

  @Test
  void aServiceThatServesWithoutAnInstanceIsWaitedForAMoment() {
    Situation situation = situation(Availability.SERVING);
    assertThat(decide(situation, null, NOT_YET).answer()).isNull();
    assertThat(reason(decide(situation, null, Side.LOCAL.connectTimeout())))
        .isEqualTo(Reasons.SERVICE_NOT_READY);
  }

  @Test
  void aConnectionIsWaitedForAMoment() {
    Situation situation = situation(Availability.SERVING);
    assertThat(situation.withoutConnection(Duration.ofSeconds(4), "refused").answer()).isNull();
    Situation.Decision late = situation.withoutConnection(Duration.ofSeconds(5), "refused");
    assertThat(late.answer().status().getDescription())
        .isEqualTo("echo cannot be reached: refused");
  }

  private Situation expected(Optional<Deadline> when) {
    return situation(new Availability(Availability.State.EXPECTED, "", when));
  }

  private Situation situation(Availability availability) {
    return new Situation(
        "echo",
        Side.LOCAL,
        directory,
        Optional.of(
            new ServiceRecord("echo", 1, availability, CallPolicy.DEFAULT, Map.of(), List.of())));
  }

  private static Situation.Decision decide(
      Situation situation, @Nullable Deadline deadline, Duration waited) {
    return situation.withoutInstance(deadline, waited);
  }

  private static String reason(Situation.Decision decision) {
    return RpcStatus.reasonOf(decision.answer().asException()).orElseThrow();
  }

  private Deadline after(long seconds) {
    return Deadline.after(seconds, TimeUnit.SECONDS, ticker);
  }

  private static final class AtomicTicker extends Deadline.Ticker {
    private long nanos = 42;

    @Override
    public long nanoTime() {
      return nanos;
    }
  }
}
