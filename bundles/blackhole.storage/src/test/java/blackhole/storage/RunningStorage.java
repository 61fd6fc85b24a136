package blackhole.storage;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import blackhole.storage.v1.StorageGrpc;
import blackhole.testkit.TestHost;
import blackhole.testkit.TestServer;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket, and a channel to it. */
final class RunningStorage implements AutoCloseable {
  final StorageCore core;
  final ManagedChannel channel;
  volatile HealthReport report =
      new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(7), Map.of("threads", 9.0));

  private final TestServer server;

  RunningStorage(Path data, StorageCore.Config config) throws IOException {
    TestHost host = new TestHost("storage", data);
    core = new StorageCore(host, config, Map.of());
    server =
        TestServer.start(
            data.resolve("s-" + ProcessHandle.current().pid()),
            new StorageService(core, host, () -> report));
    channel = server.channel();
  }

  StorageGrpc.StorageBlockingStub stub() {
    return StorageGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException, IOException {
    server.close();
    core.close();
  }
}
