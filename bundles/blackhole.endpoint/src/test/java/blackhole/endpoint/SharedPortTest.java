package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.say;
import static blackhole.endpoint.EndpointFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instances of a service on one TCP port. */
class SharedPortTest {
  @TempDir Path directory;

  @Test
  void connectionsSpreadOverAllThatListenAndMoveOnWhenOneStops() throws Exception {
    try (EndpointFixture one = new EndpointFixture(directory.resolve("1"));
        EndpointFixture two = new EndpointFixture(directory.resolve("2"))) {
      one.services.add(1, 0, new EchoService(text -> "one"));
      two.services.add(1, 0, new EchoService(text -> "two"));
      one.endpoint.open(one.address(OptionalInt.of(0)));
      int port = one.endpoint.port();
      two.endpoint.open(two.address(OptionalInt.of(port)));
      assertThat(two.endpoint.port()).isEqualTo(port);

      Set<String> answers = new HashSet<>();
      Await.until(
          "both have taken a connection",
          () -> {
            answers.add(overNewConnection(port));
            return answers.size() == 2;
          });

      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      try {
        boolean atOne = say(channel, "?").equals("one");
        EndpointFixture stopping = atOne ? one : two;
        assertThat(stopping.endpoint.drain(Duration.ofSeconds(20))).isZero();
        Await.until(
            "the connection was handed over, and the channel has made another",
            () -> status(() -> say(channel, "?")).isOk());
        assertThat(say(channel, "?")).isEqualTo(atOne ? "two" : "one");
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static String overNewConnection(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      return say(channel, "?");
    } finally {
      channel.shutdownNow();
    }
  }
}
