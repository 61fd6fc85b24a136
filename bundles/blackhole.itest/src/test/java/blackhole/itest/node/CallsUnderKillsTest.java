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
  private static final int KILLS = 4;
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
              storage: { instances: 2, %1$s, custom: { chunk_size: 4KB } }
              target: { bundle: %2$s, instances: 2, %1$s }
              driver: { bundle: %3$s }
            supervisor: { stable_after: 1s }
            """
                .formatted(restarts, CallBundles.target(bundles), CallBundles.driver(bundles)));
    driver = CallBundles.driverOf(node);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** All of storage's methods at once, on blobs of several messages. */
  @Test
  void noIdempotentCallFailsWhileInstancesOfStorageAreKilled() {
    String content = "read over and over, ".repeat(2000);
    String cid = driver.call("storage", Kind.STORAGE_PUT, content).getAnswer();
    String gone = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    List<Report> reports =
        underKills(
            "storage",
            List.of(
                new Work(CallBundles.request("storage", Kind.STORAGE_PUT, "new each time "), 2),
                new Work(expecting(content, Kind.STORAGE_GET, cid), 2),
                new Work(expecting(cid, Kind.STORAGE_STAT, cid), 2),
                new Work(CallBundles.request("storage", Kind.STORAGE_LIST, ""), 1),
                new Work(expecting("false", Kind.STORAGE_DELETE, gone), 1)));

    assertThat(reports).flatExtracting(Report::getFailuresList).isEmpty();
    assertThat(reports).allSatisfy(report -> assertThat(report.getCalls()).isGreaterThan(KILLS));
  }

  private static CallRequest expecting(String answer, Kind kind, String argument) {
    return CallBundles.request("storage", kind, argument).toBuilder().setExpected(answer).build();
  }

  /** What may not be repeated is not, and what never left is sent once it can be. */
  @Test
  void onlyCallsThatWereUnderWayFailAndNoneIsRepeated() throws IOException {
    Work appending = new Work(CallBundles.request("target", Kind.APPEND, ""), THREADS);
    Report report = underKills("target", List.of(appending)).get(0);

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

  /** Calls of one kind. */
  private record Work(CallRequest call, int threads) {}

  private static List<Report> underKills(String service, List<Work> works) {
    List<Long> loads =
        works.stream().map(work -> driver.start(work.call(), work.threads())).toList();
    for (int kill = 0; kill < KILLS; kill++) {
      int instance = kill % 2 + 1;
      long pid = node.status(service, instance).get("pid").getAsLong();
      TestNode.signal(pid, "KILL");
      Await.until(
          service + "-" + instance + " is another process, and ready",
          TestNode.PATIENCE,
          () -> isReplaced(service, instance, pid));
    }
    List<Report> reports = loads.stream().map(driver::stop).toList();
    for (int i = 0; i < reports.size(); i++) {
      print(works.get(i).call().getKind(), reports.get(i));
    }
    return reports;
  }

  private static void print(Kind kind, Report report) {
    System.out.printf(
        "%s, %d kills: %d calls, %d failed, p50 %d us, p99 %d us, longest %d us%n",
        kind,
        KILLS,
        report.getCalls(),
        report.getFailed(),
        report.getP50Micros(),
        report.getP99Micros(),
        report.getMaxMicros());
  }

  private static boolean isReplaced(String service, int instance, long pid) {
    var row = node.status(service, instance);
    return row.get("state").getAsString().equals("READY")
        && !row.get("pid").isJsonNull()
        && row.get("pid").getAsLong() != pid;
  }
}
