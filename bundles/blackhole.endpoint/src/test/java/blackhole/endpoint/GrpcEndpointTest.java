package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static blackhole.endpoint.EndpointFixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.endpoint.call.CallGuard;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcEndpointTest {
  @TempDir Path directory;
  private Path socket;
  private EndpointFixture fixture;

  @BeforeEach
  void open() throws IOException {
    socket = directory.resolve("s");
    fixture = EndpointFixture.open(socket);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void servesAServiceAsLongAsItIsRegistered() {
    ManagedChannel channel = fixture.channel();
    assertThat(sayStatus(channel).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);

    fixture.services.add(1, 0, new EchoService(text -> text + "!"));
    assertThat(fixture.endpoint.services()).containsExactly(EchoService.NAME);
    assertThat(say(channel, "hello")).isEqualTo("hello!");

    fixture.services.remove(1);
    assertThat(fixture.endpoint.services()).isEmpty();
    assertThat(sayStatus(channel).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void switchesToASuccessorWithoutAFailedCall() throws Exception {
    fixture.services.add(1, 0, new EchoService(text -> "old"));
    ManagedChannel channel = fixture.channel();
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger answers = new AtomicInteger();
    CountDownLatch flowing = new CountDownLatch(100);
    CompletableFuture<Void> caller =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                assertThat(say(channel, "?")).isIn("old", "new");
                answers.incrementAndGet();
                flowing.countDown();
              }
            });
    Await.open(flowing);

    for (long id = 2; id < 50; id++) {
      fixture.services.add(id, 0, new EchoService(text -> "new"));
      fixture.services.remove(id - 1);
    }
    int before = answers.get();
    Await.until("calls go on", () -> answers.get() > before + 10 || caller.isDone());
    done.set(true);

    assertThat(caller).succeedsWithin(Duration.ofSeconds(20));
    assertThat(say(channel, "?")).isEqualTo("new");
  }

  @Test
  void aBlockedHandlerDoesNotHoldUpOthers() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(20);
    fixture.services.add(
        1,
        0,
        new EchoService(
            text -> {
              if (text.equals("block")) {
                blocked.countDown();
                uninterruptibly(release);
              }
              return text;
            }));
    ManagedChannel channel = fixture.channel();
    for (int i = 0; i < 20; i++) {
      var unused =
          ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "block");
    }
    Await.open(blocked);

    assertThat(say(channel, "quick")).isEqualTo("quick");
    release.countDown();
  }

  @Test
  void anUnexpectedExceptionIsInternalAndLoggedOnceAndNotTold() {
    fixture.services.add(
        1,
        0,
        new EchoService(
            text -> {
              throw new IllegalArgumentException("secret " + text);
            }));
    ManagedChannel channel = fixture.channel();
    try (LogCapture ours = new LogCapture(CallGuard.class.getName());
        LogCapture theirs = new LogCapture("io.grpc")) {
      Status status = sayStatus(channel);

      assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(status.getDescription()).contains("test.Echo/Say").doesNotContain("secret");
      assertThat(ours.warnings()).containsExactly("the handler of test.Echo/Say failed");
      assertThat(theirs.warnings()).isEmpty();
    }
  }

  @Test
  void anErrorOfTheHandlerDoesNotLeaveTheCallerWaiting() {
    fixture.services.add(
        1,
        0,
        new EchoService(
            text -> {
              throw new NoClassDefFoundError("a/b/C");
            }));
    assertThat(sayStatus(fixture.channel()).getCode()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void aStatusThatIsThrownIsTheAnswer() {
    fixture.services.add(
        1,
        0,
        new EchoService(
            text -> {
              throw Status.NOT_FOUND.withDescription("no " + text).asRuntimeException();
            }));
    try (LogCapture log = new LogCapture(CallGuard.class.getName())) {
      Status status = sayStatus(fixture.channel());
      assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(status.getDescription()).isEqualTo("no ?");
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void answersBadInputWithCleanStatuses() {
    fixture.services.add(1, 0, new EchoService(text -> text));
    ManagedChannel channel = fixture.channel();

    String tooLong = "x".repeat(EndpointFixture.MAX_MESSAGE_SIZE_BYTES + 1);
    assertThat(status(() -> say(channel, tooLong)).getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(say(channel, "")).isEmpty();
    var unknown = EchoService.method(EchoService.NAME, "Nothing", MethodType.UNARY);
    assertThat(
            status(() -> ClientCalls.blockingUnaryCall(channel, unknown, options(), "")).getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    // and the connection is still good
    String longest = "x".repeat(EndpointFixture.MAX_MESSAGE_SIZE_BYTES);
    assertThat(say(channel, longest)).isEqualTo(longest);
  }

  @Test
  void refusesMetadataOver8KiB() {
    fixture.services.add(1, 0, new EchoService(text -> text));
    ManagedChannel channel = fixture.channel();
    assertThat(say(channel, "first")).isEqualTo("first");

    assertThat(status(() -> sayWithHeader(channel, 7 * 1024))).isEqualTo(Status.OK);
    Status refused = status(() -> sayWithHeader(channel, 9 * 1024));
    assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getDescription()).contains("bytes of metadata, of 8192");
    assertThat(status(() -> sayWithHeader(channel, 100 * 1024)).getCode())
        .isEqualTo(Status.Code.INTERNAL);
    assertThat(say(channel, "last")).isEqualTo("last");
  }

  private static void sayWithHeader(ManagedChannel channel, int bytes) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("big", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(bytes));
    String unused =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
            EchoService.say(),
            options(),
            "");
  }

  @Test
  void opensOnlyOnceButAgainAfterADrain() throws Exception {
    assertThatThrownBy(() -> fixture.endpoint.open(fixture.address(OptionalInt.empty())))
        .isInstanceOf(IllegalStateException.class);
    fixture.services.add(1, 0, new EchoService(text -> text));
    ManagedChannel channel = fixture.channel();
    assertThat(say(channel, "before")).isEqualTo("before");

    assertThat(fixture.endpoint.drain(Duration.ofSeconds(20))).isZero();
    fixture.endpoint.open(fixture.address(OptionalInt.empty()));

    Await.until("the same channel works", () -> sayStatus(channel).isOk());
  }

  @Test
  void servesOnLoopbackTcpToo(@TempDir Path other) throws Exception {
    try (EndpointFixture both = new EndpointFixture(other.resolve("s"))) {
      both.services.add(1, 0, new EchoService(text -> text));
      both.endpoint.open(both.address(OptionalInt.of(0)));
      ManagedChannel tcp =
          NettyChannelBuilder.forAddress("127.0.0.1", both.endpoint.port()).usePlaintext().build();
      try {
        assertThat(say(tcp, "tcp")).isEqualTo("tcp");
        assertThat(say(both.channel(), "unix")).isEqualTo("unix");
      } finally {
        tcp.shutdownNow();
      }
    }
  }

  @Test
  void aPortInUseIsNamedAndNothingIsLeft(@TempDir Path other) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        EndpointFixture both = new EndpointFixture(other.resolve("s"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> both.endpoint.open(both.address(OptionalInt.of(port))))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "port " + port + " on 127.0.0.1 is in use by another process: choose another");
      assertThat(other.resolve("s")).doesNotExist();
      both.endpoint.open(both.address(OptionalInt.empty()));
      assertThat(Files.exists(other.resolve("s"))).isTrue();
    }
  }

  private static Status sayStatus(ManagedChannel channel) {
    return status(() -> say(channel, "?"));
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      Await.open(latch);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
