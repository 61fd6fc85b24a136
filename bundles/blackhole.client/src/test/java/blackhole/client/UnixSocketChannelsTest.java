package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketChannelsTest {
  @TempDir Path directory;
  private final UnixSocketChannels channels = new UnixSocketChannels();
  private final List<ManagedChannel> opened = new CopyOnWriteArrayList<>();
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final List<String> authorities = new CopyOnWriteArrayList<>();
  private final EventLoopGroup serverLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void close() throws Exception {
    opened.forEach(ManagedChannel::shutdownNow);
    List<Thread> loops = eventLoops();
    channels.close();
    for (Server server : servers) {
      boolean unused = server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    }
    // or the next test, which may listen to all that is logged, would hear what this one's end says
    var unused =
        serverLoop
            .shutdownGracefully(0, 1, TimeUnit.SECONDS)
            .awaitUninterruptibly(20, TimeUnit.SECONDS);
    for (Thread loop : loops) {
      loop.join(20_000);
    }
  }

  @Test
  void callsOverTheSocket() throws Exception {
    Server unused = serve("s", "one");
    assertThat(ask(open("s"))).isEqualTo("one");
    assertThat(authorities).containsExactly("localhost");
  }

  @Test
  void aPathMayHoldAnyLetters() throws Exception {
    // the second ö is an o and a diaeresis: another path
    Server first = serve("mein sch\u00f6nes %2F+\u0130", "one");
    Server second = serve("mein scho\u0308nes %2F+\u0130", "two");
    assertThat(first.getListenSockets()).isNotEqualTo(second.getListenSockets());
    assertThat(ask(open("mein sch\u00f6nes %2F+\u0130"))).isEqualTo("one");
    assertThat(ask(open("mein scho\u0308nes %2F+\u0130"))).isEqualTo("two");
  }

  @Test
  void connectionsMakeNoNoise() throws Exception {
    Server unused = serve("s", "one");
    List<LogRecord> warnings = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
              warnings.add(record);
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      assertThat(ask(open("s"))).isEqualTo("one");
      assertThat(warnings).isEmpty();
    } finally {
      root.removeHandler(handler);
    }
  }

  @Test
  void followsALinkAtEveryConnect() throws Exception {
    Server first = serve("a", "first");
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("a"));
    ManagedChannel channel = open("link");
    assertThat(ask(channel)).isEqualTo("first");

    Server unused = serve("b", "second");
    Path fresh = Files.createSymbolicLink(directory.resolve("fresh"), directory.resolve("b"));
    Path moved =
        Files.move(
            fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    assertThat(moved).isEqualTo(link);
    assertThat(ask(channel)).isEqualTo("first");
    assertThat(first.shutdown().awaitTermination(20, TimeUnit.SECONDS)).isTrue();

    assertThat(askWaiting(channel)).isEqualTo("second");
  }

  @Test
  void failsAtOnceWithoutAServerAndFindsOneThatComesLater() throws Exception {
    ManagedChannel channel = open("s");
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> ask(channel))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }
    Server unused = serve("s", "late");
    assertThat(askWaiting(channel)).isEqualTo("late");
  }

  @Test
  void closingEndsTheEventLoop() throws Exception {
    Server unused = serve("s", "one");
    assertThat(ask(open("s"))).isEqualTo("one");
    List<Thread> loops = eventLoops();
    assertThat(loops).isNotEmpty();

    channels.close();
    for (Thread loop : loops) {
      loop.join(20_000);
      assertThat(loop.isAlive()).isFalse();
    }
  }

  private static List<Thread> eventLoops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("blackhole-client"))
        .toList();
  }

  private ManagedChannel open(String name) {
    ManagedChannel channel = channels.open(directory.resolve(name));
    opened.add(channel);
    return channel;
  }

  private static String ask(ManagedChannel channel) {
    return answer(HealthGrpc.newBlockingStub(channel));
  }

  private static String askWaiting(ManagedChannel channel) {
    return answer(HealthGrpc.newBlockingStub(channel).withWaitForReady());
  }

  private static String answer(HealthGrpc.HealthBlockingStub stub) {
    try {
      var unused =
          stub.withDeadlineAfter(20, TimeUnit.SECONDS)
              .check(HealthCheckRequest.newBuilder().build());
      throw new AssertionError("the test's server never succeeds");
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.ABORTED) {
        return e.getStatus().getDescription();
      }
      throw e;
    }
  }

  /** A server that tells its name, and the authority that it was called by. */
  private Server serve(String socket, String name) throws IOException {
    HealthGrpc.HealthImplBase service =
        new HealthGrpc.HealthImplBase() {
          @Override
          public void check(
              HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
            observer.onError(Status.ABORTED.withDescription(name).asRuntimeException());
          }
        };
    Server server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(directory.resolve(socket)))
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .bossEventLoopGroup(serverLoop)
            .workerEventLoopGroup(serverLoop)
            .intercept(new AuthorityRecorder())
            .addService(service)
            .build()
            .start();
    servers.add(server);
    return server;
  }

  private final class AuthorityRecorder implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      authorities.add(call.getAuthority());
      return next.startCall(call, headers);
    }
  }
}
