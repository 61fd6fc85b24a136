package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.say;
import static blackhole.endpoint.EndpointFixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    assertThat(mode()).isEqualTo("rw-------");
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

    // the file is there a moment before it is closed to others; peers are looked at meanwhile
    Await.until(
        "it is back, and its owner's alone",
        () -> Files.exists(socket) && mode().equals("rw-------"));
    assertThat(say(fixture.channel(), "new")).isEqualTo("new");
    Await.until("the old channel works", () -> status(() -> say(before, "old")).isOk());
    assertThat(fixture.endpoint.drain(Duration.ofSeconds(20))).isZero();
    assertThat(socket).doesNotExist();
  }

  private String mode() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(socket));
  }

  @Test
  void aRemovedDirectoryIsMadeAgain(@TempDir Path other) throws Exception {
    Path deep = other.resolve("run/s");
    try (EndpointFixture nested = EndpointFixture.open(deep)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.getParent())))
          .isEqualTo("rwx------");
      // in one step, or the socket might be bound again before its directory is removed
      Path unused = Files.move(deep.getParent(), other.resolve("removed"));
      Await.until("it is back", () -> Files.exists(deep));
    }
  }

  @Test
  void aSuccessorsSocketAtTheSamePathOutlivesTheDrain() throws Exception {
    Path made = directory.resolve("successor");
    try (ServerSocketChannel successor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      successor.bind(UnixDomainSocketAddress.of(made));
      // in one step, or the socket might be bound again before the successor is there
      Path unused = Files.move(made, socket, StandardCopyOption.ATOMIC_MOVE);

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

  @Test
  void aPeerThatIsNotAdmittedGetsNoAnswer(@TempDir Path other) throws Exception {
    Path path = other.resolve("s");
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    AtomicBoolean admit = new AtomicBoolean();
    UnixListener listener =
        new UnixListener(
            path,
            (peer, owner) -> admit.get(),
            builder -> builder.bossEventLoopGroup(loop).workerEventLoopGroup(loop),
            timer);
    try {
      listener.open();
      assertThat(firstByte(path)).isEqualTo(-1);
      admit.set(true);
      // the listener goes on, and greets with its settings
      assertThat(firstByte(path)).isEqualTo(1);
    } finally {
      listener.shutdownNow();
      assertThat(listener.awaitTermination(TimeUnit.SECONDS.toNanos(20))).isTrue();
      timer.shutdownNow();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
    assertThat(path).doesNotExist();
  }

  /** How much a read of one byte gives: -1 for a connection that was closed. */
  private static int firstByte(Path path) throws IOException {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return client.read(ByteBuffer.allocate(1));
    } catch (IOException reset) {
      return -1;
    }
  }
}
