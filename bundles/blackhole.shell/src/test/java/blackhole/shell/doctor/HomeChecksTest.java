package blackhole.shell.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.shell.doctor.Finding.Severity;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeChecksTest {
  private static final long GB = 1L << 30;

  /** Valid from 2026-11-28 to 2026-12-28. */
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBNjCB6aADAgECAhRzpMiBfRpRAZ2RicIPZy1vcNVuKDAFBgMrZXAwETEPMA0G
      A1UEAwwGZG9jdG9yMB4XDTI2MTEyODIxNDE0MVoXDTI2MTIyODIxNDE0MVowETEP
      MA0GA1UEAwwGZG9jdG9yMCowBQYDK2VwAyEAWM6666DVzEr1Gt97BlYGHRzO8q8c
      abzHc39t58I2s9KjUzBRMB0GA1UdDgQWBBSqWeTd8uiaCh6L9AYbE1n/+NlFWDAf
      BgNVHSMEGDAWgBSqWeTd8uiaCh6L9AYbE1n/+NlFWDAPBgNVHRMBAf8EBTADAQH/
      MAUGAytlcANBABv6rHdDSsWRwECWPNOtfT4jNHPAad9hpC1oHnqtXsPvkVL7gjMX
      Y46FiK5dssiv+ZgZaDLU3n5oR2V76RA+GAY=
      -----END CERTIFICATE-----
      """;

  @TempDir Path temp;
  private NodeHome home;

  @BeforeEach
  void create() throws IOException {
    home = NodeHome.of(temp);
    home.create();
  }

  private HomeChecks on(String day) {
    return new HomeChecks(home, Clock.fixed(Instant.parse(day + "T00:00:00Z"), ZoneOffset.UTC));
  }

  private HomeChecks now() {
    return new HomeChecks(home, Clock.systemUTC());
  }

  @Test
  void aFreshHomeHasNothingWrong() {
    HomeChecks checks = now();
    assertThat(checks.certificates(List.of())).isEmpty();
    assertThat(checks.sockets()).isEmpty();
    assertThat(checks.dumps()).isEmpty();
    assertThat(checks.clock(Optional.empty())).isEmpty();
  }

  @Test
  void certificatesAreLookedAtAsOfToday() throws IOException {
    Path file = Files.createDirectories(home.tls()).resolve("node.pem");
    Files.writeString(file, CERTIFICATE);
    assertThat(on("2026-12-01").certificates(List.of())).isEmpty();
    assertThat(on("2026-11-01").certificates(List.of()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.ERROR);
              assertThat(finding.about()).isEqualTo(file.toString());
              assertThat(finding.what()).startsWith("is not valid before 2026-11-28T");
              assertThat(finding.advice()).contains("clock");
            });
    assertThat(on("2026-12-20").certificates(List.of()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.what()).startsWith("expires at 2026-12-28T");
            });
    assertThat(on("2027-01-01").certificates(List.of()))
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).startsWith("expired at 2026-12-28T"));
  }

  @Test
  void certificatesElsewhereAreLookedAtToo() throws IOException {
    Path broken = temp.resolve("broken.pem");
    Files.writeString(broken, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
    assertThat(now().certificates(List.of(broken, temp.resolve("missing.pem"))))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.about()).isEqualTo(broken.toString());
              assertThat(finding.what()).startsWith("cannot be read as a certificate");
            });
  }

  @Test
  void littleRoomIsAWarningAndNoneAnError() {
    assertThat(now().room(50 * GB, 100 * GB)).isEmpty();
    assertThat(now().room(4 * GB, 100 * GB))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
    assertThat(now().room(GB / 2, 4 * GB))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
    assertThat(now().room(50L << 20, 100 * GB))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.ERROR);
              assertThat(finding.what()).isEqualTo("50 MB are left on its disk");
            });
  }

  @Test
  void aClockThatWentBackIsSeenByTheJournal() {
    HomeChecks checks = on("2026-12-01");
    assertThat(checks.clock(Optional.of(Instant.parse("2026-11-30T23:00:00Z")))).isEmpty();
    assertThat(checks.clock(Optional.of(Instant.parse("2026-12-01T01:00:00Z"))))
        .singleElement()
        .satisfies(finding -> assertThat(finding.about()).isEqualTo("clock"));
  }

  @Test
  void aSocketThatNobodyListensAtWasLeft() throws IOException {
    Path left = home.run().resolve("left-1.sock");
    Path alive = home.run().resolve("alive-1.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(left))
        .close();
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(alive));
      assertThat(now().sockets()).extracting(Finding::about).containsExactly(left.toString());
    }
  }

  @Test
  void heapDumpsAreToldOf() throws IOException {
    Path dump = home.log().resolve("identity-1.hprof");
    Files.write(dump, new byte[3 << 20]);
    assertThat(now().dumps())
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).startsWith("a heap dump of 3 MB"));
  }
}
