package blackhole.orchestrator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.metrics.Metric;
import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.supervision.Hosts.CallerReport;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.alert.Reading.Level;
import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.AlertRule;
import blackhole.orchestrator.tls.Certificates;
import blackhole.orchestrator.tls.Pem;
import blackhole.orchestrator.tls.TestTls;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules on calls, events, certificates and the disk. */
class OtherRulesTest {
  private static InstanceStatus storage(int instance, InstanceState state) {
    return new InstanceStatus(
        new InstanceId("storage", instance),
        state,
        InstanceHealth.HEALTHY,
        "",
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        Path.of("s"),
        OptionalInt.empty(),
        Optional.empty());
  }

  private static Level breaker(
      BreakerState state, List<InstanceId> updating, InstanceState... storage) {
    List<InstanceStatus> instances =
        IntStream.range(0, storage.length).mapToObj(i -> storage(i + 1, storage[i])).toList();
    ServiceCalls calls =
        new ServiceCalls("storage", state, 7, Instant.EPOCH, 9, 8, 0, 0, 5, 0, 0, 0, 0, 0);
    List<Reading> readings =
        CallRules.breakers(
            List.of(new CallerReport("indexer-1", List.of(calls))), instances, updating);
    assertThat(readings)
        .singleElement()
        .satisfies(one -> assertThat(one.key().service()).contains("storage"))
        .satisfies(one -> assertThat(one.key().subject()).isEqualTo("indexer-1"));
    return readings.get(0).level();
  }

  @Test
  void aCircuitIsOpenUntilItIsClosed() {
    assertThat(breaker(BreakerState.CLOSED, List.of(), InstanceState.READY)).isEqualTo(Level.GOOD);
    for (BreakerState open : List.of(BreakerState.OPEN, BreakerState.HALF_OPEN)) {
      assertThat(breaker(open, List.of(), InstanceState.READY)).isEqualTo(Level.BAD);
      assertThat(breaker(open, List.of(), InstanceState.FAILED)).isEqualTo(Level.BAD);
      assertThat(breaker(open, List.of())).as("of another node").isEqualTo(Level.BAD);
      assertThat(breaker(open, List.of(), InstanceState.STOPPED, InstanceState.STOPPED))
          .as("stopped by somebody")
          .isEqualTo(Level.GOOD);
      assertThat(breaker(open, List.of(), InstanceState.READY, InstanceState.DRAINING))
          .isEqualTo(Level.HELD);
      assertThat(breaker(open, List.of(), InstanceState.STARTING)).isEqualTo(Level.HELD);
      assertThat(breaker(open, List.of(new InstanceId("storage", 1)), InstanceState.READY))
          .isEqualTo(Level.HELD);
    }
  }

  private static Level lag(double value) {
    Metric other = Metric.gauge("events_subscriber_lagging", "No.", "subscriber").build();
    Metric lag =
        Metric.gauge("events_subscriber_lag", "Yes.", "subscriber").with(value, "audit").build();
    List<Reading> readings = CallRules.eventLag(List.of(other, lag), AlertConfig.DEFAULT);
    assertThat(readings).singleElement().matches(one -> one.key().subject().equals("audit"));
    return readings.get(0).level();
  }

  @Test
  void aSubscriberIsBehindUntilItHasHalfOfTheWayLeft() {
    assertThat(lag(10_001)).isEqualTo(Level.BAD);
    assertThat(lag(10_000)).isEqualTo(Level.BETWEEN);
    assertThat(lag(5_001)).isEqualTo(Level.BETWEEN);
    assertThat(lag(5_000)).isEqualTo(Level.GOOD);
  }

  @Test
  void aCertificateExpiresAndThenHasExpired(@TempDir Path folder) throws Exception {
    Path file = certificate(folder);
    X509Certificate certificate = Pem.certificates(file).get(0);
    Instant end = Certificates.end(certificate);
    Duration before = AlertConfig.DEFAULT.certificateBefore();
    assertThat(certificates(file, certificate, end.minus(before)))
        .containsExactly(Level.GOOD, Level.GOOD);
    assertThat(certificates(file, certificate, end.minus(before).plusSeconds(1)))
        .containsExactly(Level.BAD, Level.GOOD);
    assertThat(certificates(file, certificate, end.plusSeconds(1)))
        .containsExactly(Level.GOOD, Level.BAD);
  }

  private static Path certificate(Path folder) throws Exception {
    return new TestTls(folder).node("node-a").certificate();
  }

  private static List<Level> certificates(Path file, X509Certificate certificate, Instant now) {
    List<Reading> readings = HomeRules.certificate(file, certificate, now, AlertConfig.DEFAULT);
    assertThat(readings)
        .extracting(reading -> reading.key().rule())
        .containsExactly(AlertRule.CERTIFICATE_EXPIRES, AlertRule.CERTIFICATE_EXPIRED);
    return readings.stream().map(Reading::level).toList();
  }

  private static List<Level> disk(long usable, long total) {
    return HomeRules.disk(Path.of("/h"), usable, total, AlertConfig.DEFAULT).stream()
        .map(Reading::level)
        .toList();
  }

  @Test
  void aDiskIsShortOfRoomByItsSizeAndByWhatANodeNeeds() {
    long gb = 1L << 30;
    assertThat(disk(60 * gb, 1000 * gb)).containsExactly(Level.GOOD, Level.GOOD);
    assertThat(disk(52 * gb, 1000 * gb)).containsExactly(Level.BETWEEN, Level.GOOD);
    assertThat(disk(49 * gb, 1000 * gb)).containsExactly(Level.BAD, Level.GOOD);
    assertThat(disk(gb - 1, 2 * gb)).containsExactly(Level.BAD, Level.GOOD);
    assertThat(disk(99L << 20, 2 * gb)).containsExactly(Level.GOOD, Level.BAD);
    assertThat(disk(105L << 20, 2 * gb)).containsExactly(Level.BAD, Level.BETWEEN);
  }
}
