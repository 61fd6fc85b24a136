package blackhole.orchestrator.node;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts no first instance of a service on a TCP port that somebody else has. The instances share
 * theirs, so the kernel would let any process of this user in: another node with the same port
 * would get half of the connections, and nobody would know why. Thread-safe.
 */
final class PortGuard implements InstanceDriver {
  private final InstanceDriver driver;
  private final Supplier<NodeConfig> config;

  /** Those that have a process, or one on its way. Guarded by itself. */
  private final Set<InstanceId> present = new HashSet<>();

  /**
   * @param config as it is now
   */
  PortGuard(InstanceDriver driver, Supplier<NodeConfig> config) {
    this.driver = driver;
    this.config = config;
  }

  @Override
  public CompletionStage<RunningProcess> launch(
      InstanceId id, long generation, boolean background) {
    Optional<String> refusal;
    synchronized (present) {
      boolean first = present.stream().noneMatch(one -> one.service().equals(id.service()));
      refusal = first ? taken(config.get().services().get(id.service())) : Optional.empty();
      if (refusal.isEmpty()) {
        present.add(id);
      }
    }
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(new IOException(refusal.get()));
    }
    return driver
        .launch(id, generation, background)
        .whenComplete(
            (process, problem) -> {
              if (problem != null) {
                gone(id);
              }
            });
  }

  /** Binding takes microseconds, and does not wait for anybody. */
  private Optional<String> taken(@Nullable ServiceConfig service) {
    if (service == null || service.port().isEmpty()) {
      return Optional.empty();
    }
    int port = service.port().getAsInt();
    InetSocketAddress address =
        config.get().tls().insecureLoopback()
            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
            : new InetSocketAddress(port);
    try (ServerSocket socket = new ServerSocket()) {
      // connections of a process that has ended may linger
      socket.setReuseAddress(true);
      socket.bind(address);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "cannot have TCP port " + port + ": " + e.getMessage() + "; choose another");
    }
  }

  private void gone(InstanceId id) {
    synchronized (present) {
      present.remove(id);
    }
  }

  /** Its service has the port already. */
  @Override
  public void adopted(InstanceId id, long generation, RunningProcess process) {
    synchronized (present) {
      present.add(id);
    }
    driver.adopted(id, generation, process);
  }

  @Override
  public boolean drain(InstanceId id, long generation, Duration timeout) {
    return driver.drain(id, generation, timeout);
  }

  @Override
  public CompletionStage<Remains> ended(InstanceId id, long generation) {
    gone(id);
    return driver.ended(id, generation);
  }

  @Override
  public Setup setup(InstanceId id) {
    return driver.setup(id);
  }
}
