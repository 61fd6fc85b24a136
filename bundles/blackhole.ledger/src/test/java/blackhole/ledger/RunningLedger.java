package blackhole.ledger;

import blackhole.api.service.Caller;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import blackhole.ledger.v1.LedgerGrpc;
import blackhole.testkit.TestHost;
import blackhole.testkit.TestServer;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket, and a channel to it. */
final class RunningLedger implements AutoCloseable {
  final LedgerCore core;
  final ManagedChannel channel;
  volatile Caller caller = new Caller(Caller.Kind.HOST, "storage-1", Optional.empty());
  volatile HealthReport report =
      new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(7), Map.of("threads", 9.0));

  private final TestServer server;

  RunningLedger(Path data, LedgerCore.Config config) throws IOException {
    TestHost host = new TestHost("ledger", data);
    core = new LedgerCore(host, config, Map.of());
    server =
        TestServer.startFor(
            () -> caller,
            data.resolve("s-" + ProcessHandle.current().pid()),
            new LedgerService(core, host, () -> report));
    channel = server.channel();
  }

  LedgerGrpc.LedgerBlockingStub stub() {
    return LedgerGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException, IOException {
    server.close();
    core.close();
  }
}
