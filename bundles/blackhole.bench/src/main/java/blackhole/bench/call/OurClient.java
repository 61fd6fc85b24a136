package blackhole.bench.call;

import blackhole.api.host.TlsFiles;
import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.supervision.InstanceHealth;
import blackhole.bench.echo.EchoService;
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
 * breaker, limit of calls and counters; and a host's token with each call.
 */
final class OurClient implements AutoCloseable {
  /** Also of those that send one without us. */
  static final String TOKEN = "a token as long as those of hosts are";

  private static final String SERVICE = "echo";

  private final UnixSocketChannels sockets = new UnixSocketChannels();
  private final DirectoryCopy directory = new DirectoryCopy((delay, task) -> () -> {});
  private final ClientThreadsComponent threads = new ClientThreadsComponent();
  private final ChannelsComponent channels;

  OurClient() {
    this(Optional.empty());
  }

  /**
   * @param tls what it shows to other nodes
   */
  OurClient(Optional<TlsFiles> tls) {
    this(new Identity(Optional.of(TOKEN), tls));
  }

  private OurClient(Identity identity) {
    channels = new ChannelsComponent(directory, identity, threads);
  }

  /**
   * A process that is no host. On a whole node nobody knows the token, and calls with it would wait
   * for news of who has it.
   */
  static OurClient outside() {
    return new OurClient(new Identity(Optional.empty(), Optional.empty()));
  }

  private record Identity(Optional<String> callToken, Optional<TlsFiles> tls)
      implements CallerIdentity {
    @Override
    public String nodeId() {
      return "bench";
    }

    @Override
    public String name() {
      return "bench-1";
    }
  }

  /** To a host of this node. */
  Channel open(Path socket) {
    return open(
        RegisteredEndpoint.Type.LOCAL,
        "bench",
        Optional.of(socket),
        Optional.empty(),
        OptionalInt.empty());
  }

  /** To one of another node on this machine, with mutual TLS. */
  Channel open(int port, String nodeId) {
    return open(
        RegisteredEndpoint.Type.REMOTE,
        nodeId,
        Optional.empty(),
        Optional.of("127.0.0.1"),
        OptionalInt.of(port));
  }

  private Channel open(
      RegisteredEndpoint.Type type,
      String nodeId,
      Optional<Path> socket,
      Optional<String> host,
      OptionalInt port) {
    RegisteredEndpoint endpoint =
        new RegisteredEndpoint(
            "echo-1-bench",
            SERVICE,
            1,
            type,
            nodeId,
            socket,
            host,
            port,
            Optional.empty(),
            OptionalLong.empty(),
            InstanceHealth.HEALTHY,
            "",
            Instant.now());
    ServiceRecord record =
        new ServiceRecord(
            SERVICE,
            1,
            Availability.SERVING,
            CallPolicy.DEFAULT.withRemoteFallback(RemoteFallback.ALWAYS),
            Map.of(EchoService.ECHO.getFullMethodName(), Idempotency.IDEMPOTENT),
            List.of(endpoint));
    var unused = directory.replace(List.of(record));
    return channels.to(SERVICE);
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
