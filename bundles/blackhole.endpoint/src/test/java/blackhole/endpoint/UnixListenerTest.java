package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.say;
import static blackhole.endpoint.EndpointFixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixListenerTest {
  @TempDir Path directory;
  private Path socket;
  private EndpointFixture fixture;

  @BeforeEach
  void open() throws Exception {
    socket = directory.resolve("s");
    fixture = EndpointFixture.open(socket);
    fixture.services.add(1, 0, new EchoService(text -> text));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theSocketIsItsOwnersAlone() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
  }

  @Test
  void connectionsMakeNoNoise() {
    try (LogCapture netty = new LogCapture("io.netty");
        LogCapture grpc = new LogCapture("io.grpc")) {
      assertThat(say(fixture.channel(), "x")).isEqualTo("x");
      assertThat(netty.warnings()).isEmpty();
      assertThat(grpc.warnings()).isEmpty();
    }
  }

  @Test
  void aRemovedSocketIsBoundAgainAndChannelsFindIt() throws Exception {
    ManagedChannel before = fixture.channel();
    assertThat(say(before, "x")).isEqualTo("x");
    Files.delete(socket);

    Await.until("it is back", () -> Files.exists(socket));
    theSocketIsItsOwnersAlone();
    assertThat(say(fixture.channel(), "new")).isEqualTo("new");
    Await.until("the old channel works", () -> status(() -> say(before, "old")).isOk());
    assertThat(fixture.endpoint.drain(Duration.ofSeconds(20))).isZero();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aRemovedDirectoryIsMadeAgain(@TempDir Path other) throws Exception {
    Path deep = other.resolve("run/s");
    try (EndpointFixture nested = EndpointFixture.open(deep)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.getParent())))
          .isEqualTo("rwx------");
      Files.delete(deep);
      Files.delete(deep.getParent());
      Await.until("it is back", () -> Files.exists(deep));
    }
  }

  @Test
  void aSuccessorsSocketAtTheSamePathOutlivesTheDrain() throws Exception {
    Files.delete(socket);
    try (ServerSocketChannel successor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      successor.bind(UnixDomainSocketAddress.of(socket));

      assertThat(fixture.endpoint.drain(Duration.ofSeconds(20))).isZero();
      assertThat(socket).exists();
    }
  }

  @Test
  void aLiveListenerIsNeverPushedAside() throws Exception {
    try (EndpointFixture second = new EndpointFixture(socket)) {
      assertThatThrownBy(() -> second.endpoint.open(second.address(OptionalInt.empty())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process listens at " + socket);
    }
    assertThat(say(fixture.channel(), "still here")).isEqualTo("still here");
  }

  @Test
  void theSocketOfAKilledProcessIsReplaced(@TempDir Path other) throws Exception {
    Path stale = other.resolve("s");
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // the JDK leaves the file behind, as a kill does
      killed.bind(UnixDomainSocketAddress.of(stale));
    }
    assertThat(stale).exists();
    try (EndpointFixture next = EndpointFixture.open(stale)) {
      next.services.add(1, 0, new EchoService(text -> text));
      assertThat(say(next.channel(), "x")).isEqualTo("x");
    }
    assertThat(stale).doesNotExist();
  }
}
