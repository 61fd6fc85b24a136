package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.Failure;
import blackhole.itest.calls.v1.Kind;
import blackhole.itest.calls.v1.Report;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls between services, while processes of the service that is called are killed. */
class CallsUnderKillsTest {
  private static final int KILLS = 6;
  private static final int THREADS = 8;

  @TempDir private static Path bundles;

  private static TestNode node;
  private static CallBundles.Driver driver;

  @BeforeAll
  static void start() {
    String restarts =
        "restart_policy: { max_restarts: 1000, restart_delay: 50ms, max_backoff: 100ms }";
    node =
        TestNode.start(
            """
            services:
              identity: {}
              target: { bundle: %2$s, instances: 2, %1$s }
              driver: { bundle: %3$s }
            """
                .formatted(restarts, CallBundles.target(bundles), CallBundles.driver(bundles)));
    driver = CallBundles.driverOf(node);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** What may not be repeated is not, and what never left is sent once it can be. */
  @Test
  void onlyCallsThatWereUnderWayFailAndNoneIsRepeated() throws IOException {
    Report report = underKills("target", CallBundles.request("target", Kind.APPEND, ""));

    assertThat(report.getFailuresList())
        .extracting(Failure::getCode)
        .allMatch("UNAVAILABLE"::equals);
    // at most those that the killed process had been given
    assertThat(report.getFailed()).isLessThanOrEqualTo(KILLS * THREADS);
    List<String> written = written();
    assertThat(written).doesNotHaveDuplicates().containsAll(report.getAppendedList());
  }

  private static List<String> written() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(node.home().resolve("data").resolve("target"))) {
      for (Path file : files.toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  private static Report underKills(String service, CallRequest call) {
    long load = driver.start(call, THREADS);
    for (int kill = 0; kill < KILLS; kill++) {
      int instance = kill % 2 + 1;
      long pid = node.status(service, instance).get("pid").getAsLong();
      TestNode.signal(pid, "KILL");
      Await.until(
          service + "-" + instance + " is another process, and ready",
          TestNode.PATIENCE,
          () -> isReplaced(service, instance, pid));
    }
    Report report = driver.stop(load);
    System.out.printf(
        "%s, %d kills: %d calls, %d failed, p50 %d us, p99 %d us, longest %d us%n",
        call.getKind(),
        KILLS,
        report.getCalls(),
        report.getFailed(),
        report.getP50Micros(),
        report.getP99Micros(),
        report.getMaxMicros());
    return report;
  }

  private static boolean isReplaced(String service, int instance, long pid) {
    var row = node.status(service, instance);
    return row.get("state").getAsString().equals("READY")
        && !row.get("pid").isJsonNull()
        && row.get("pid").getAsLong() != pid;
  }
}
