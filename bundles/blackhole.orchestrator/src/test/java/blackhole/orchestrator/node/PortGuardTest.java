package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.ConfigParser;
import blackhole.orchestrator.config.parser.SecretResolver;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortGuardTest {
  private static final InstanceId FIRST = new InstanceId("storage", 1);
  private static final InstanceId SECOND = new InstanceId("storage", 2);
  private static final InstanceId OTHER = new InstanceId("identity", 1);

  @TempDir Path home;

  private final List<InstanceId> launched = new ArrayList<>();

  @Test
  void aPortThatSomebodySharesIsRefusedToTheFirstOnly() throws Exception {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      socket.bind(new InetSocketAddress(0));
      PortGuard guard = guard(socket.getLocalPort());

      assertThat(guard.launch(FIRST, 1, false).toCompletableFuture())
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .withCauseInstanceOf(IOException.class)
          .withMessageContaining("cannot have TCP port " + socket.getLocalPort());
      guard.launch(OTHER, 1, false);
      assertThat(launched).as("it has no port").containsExactly(OTHER);
    }
  }

  @Test
  void instancesOfAServiceShareTheirs() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    PortGuard guard = guard(port);
    guard.launch(FIRST, 1, false);
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(port));
      guard.launch(SECOND, 1, false);
      assertThat(launched).as("the first one has it").containsExactly(FIRST, SECOND);
      guard.ended(FIRST, 1);
      guard.ended(SECOND, 1);
      assertThat(guard.launch(FIRST, 2, false).toCompletableFuture()).isCompletedExceptionally();
    }
  }

  private PortGuard guard(int port) throws IOException {
    Path file = home.resolve("blackhole.yaml");
    Files.writeString(file, "services: { storage: { port: " + port + " }, identity: {} }");
    NodeConfig config =
        new ConfigParser(List::of, SecretResolver.SYSTEM, Optional.of("node-a"))
            .parse(file)
            .config()
            .orElseThrow();
    return new PortGuard(new Driver(), () -> config);
  }

  private final class Driver implements InstanceDriver {
    @Override
    public CompletionStage<RunningProcess> launch(
        InstanceId id, long generation, boolean background) {
      launched.add(id);
      return new CompletableFuture<>();
    }

    @Override
    public boolean drain(InstanceId id, long generation, Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Remains> ended(InstanceId id, long generation) {
      return CompletableFuture.completedFuture(Remains.NONE);
    }

    @Override
    public Setup setup(InstanceId id) {
      throw new UnsupportedOperationException();
    }
  }
}
