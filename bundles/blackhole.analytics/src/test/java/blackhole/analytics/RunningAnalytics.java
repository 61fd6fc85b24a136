package blackhole.analytics;

import blackhole.analytics.v1.AnalyticsGrpc;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import blackhole.testkit.TestHost;
import blackhole.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket. */
final class RunningAnalytics implements AutoCloseable {
  final AnalyticsCore core;

  private final TestServer server;

  RunningAnalytics(Path data, AnalyticsCore.Config config) throws IOException {
    TestHost host = new TestHost("analytics", data);
    core = new AnalyticsCore(host, config, Map.of());
    server =
        TestServer.start(
            data.resolve("s.sock"), new AnalyticsService(core, host, RunningAnalytics::report));
  }

  private static HealthReport report() {
    return new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(3), Map.of());
  }

  AnalyticsGrpc.AnalyticsBlockingStub stub() {
    return AnalyticsGrpc.newBlockingStub(server.channel()).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException, IOException {
    server.close();
    core.close();
  }
}
