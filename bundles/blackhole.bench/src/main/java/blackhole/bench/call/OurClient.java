package blackhole.bench.call;

import blackhole.api.host.TlsFiles;
import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.supervision.InstanceHealth;
import blackhole.bench.service.EchoService;
import blackhole.client.ChannelsComponent;
import blackhole.client.ClientThreadsComponent;
import blackhole.client.UnixSocketChannels;
import io.grpc.Channel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Our way to a service, as its author has it: a channel by name, with a deadline, retries, circuit
 * breaker, limit of calls and counters; and a caller's token with each call.
 */
final class OurClient implements AutoCloseable {
  private static final String SERVICE = "echo";

  private final UnixSocketChannels sockets = new UnixSocketChannels();
  private final DirectoryCopy directory = new DirectoryCopy((delay, task) -> () -> {});
  private final ClientThreadsComponent threads = new ClientThreadsComponent();
  private final ChannelsComponent channels =
      new ChannelsComponent(directory, new Identity(), threads);

  /** A host among others. */
  private static final class Identity implements CallerIdentity {
    @Override
    public String nodeId() {
      return "bench";
    }

    @Override
    public String name() {
      return "bench-1";
    }

    @Override
    public Optional<String> callToken() {
      return Optional.of("a token as long as those of hosts are");
    }

    @Override
    public Optional<TlsFiles> tls() {
      return Optional.empty();
    }
  }

  Channel open(Path socket) {
    var unused = directory.replace(List.of(record(socket)));
    return channels.to(SERVICE);
  }

  private static ServiceRecord record(Path socket) {
    RegisteredEndpoint endpoint =
        new RegisteredEndpoint(
            "echo-1-bench",
            SERVICE,
            1,
            RegisteredEndpoint.Type.LOCAL,
            "bench",
            Optional.of(socket),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            InstanceHealth.HEALTHY,
            "",
            Instant.now());
    return new ServiceRecord(
        SERVICE,
        1,
        Availability.SERVING,
        CallPolicy.DEFAULT,
        Map.of(EchoService.ECHO.getFullMethodName(), Idempotency.IDEMPOTENT),
        List.of(endpoint));
  }

  /** For those who only wait until a server is there. */
  UnixSocketChannels sockets() {
    return sockets;
  }

  @Override
  public void close() {
    channels.deactivate();
    threads.deactivate();
    sockets.close();
  }
}
