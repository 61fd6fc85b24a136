package blackhole.events;

import blackhole.api.service.Caller;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.testkit.TestHost;
import blackhole.testkit.TestServer;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket, and a channel to it with a small window. */
final class RunningEvents implements AutoCloseable {
  final EventsCore core;
  final ManagedChannel channel;

  /** Who calls, as an endpoint would say. */
  volatile Caller caller = Caller.LOCAL_PROCESS;

  private final TestServer server;

  RunningEvents(Path data, EventsCore.Config config) throws IOException {
    core = new EventsCore(new TestHost("events", data), config, Map.of());
    server =
        TestServer.startFor(
            () -> caller,
            data.resolve("s-" + ProcessHandle.current().pid()),
            new EventsService(core));
    channel = server.channel();
  }

  EventStreamGrpc.EventStreamBlockingStub stub() {
    return EventStreamGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  long publish(Event event) {
    return stub().publishEvent(event).getPosition();
  }

  @Override
  public void close() throws InterruptedException, IOException {
    server.close();
    core.close();
  }
}
