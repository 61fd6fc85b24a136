package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Service code may block wherever it likes; all calls here share one connection. */
class BlockingHandlersTest {
  private static final int MANY = 64;

  @TempDir Path directory;
  private EndpointFixture fixture;
  private ManagedChannel channel;
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch entered = new CountDownLatch(MANY);
  private final AtomicReference<@Nullable Thread> handler = new AtomicReference<>();

  @BeforeEach
  void open() throws Exception {
    fixture = EndpointFixture.open(directory.resolve("s"));
    channel = fixture.channel();
    fixture.services.add(1, 0, new EchoService(this::answer));
  }

  @AfterEach
  void close() {
    release.countDown();
    fixture.close();
  }

  private String answer(String text) {
    handler.set(Thread.currentThread());
    if (text.equals("block")) {
      entered.countDown();
      try {
        Await.open(release);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    } else if (text.startsWith("nest ")) {
      int depth = Integer.parseInt(text.substring(5));
      return depth == 0 ? "deep" : say(channel, "nest " + (depth - 1));
    } else if (text.equals("interrupt")) {
      Thread.currentThread().interrupt();
    }
    return text;
  }

  @Test
  void leaveOthersAlone() throws Exception {
    List<ListenableFuture<String>> blocked = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      blocked.add(
          ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "block"));
    }
    Await.open(entered);

    // the same method, on the same connection
    assertThat(say(channel, "quick")).isEqualTo("quick");
    release.countDown();
    for (ListenableFuture<String> call : blocked) {
      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("block");
    }
  }

  @Test
  void mayCallTheirOwnEndpoint() {
    assertThat(say(channel, "nest 20")).isEqualTo("deep");
  }

  @Test
  void thatInterruptTheirThreadHarmNoOtherCall() {
    for (int i = 0; i < 100; i++) {
      assertThat(say(channel, "interrupt")).isEqualTo("interrupt");
      assertThat(say(channel, "next")).isEqualTo("next");
    }
  }

  /** A watchdog of the service that comes too late, when the thread does something else. */
  @Test
  void thatAreInterruptedTooLateHarmNoOtherCall() throws Exception {
    List<ListenableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      calls.add(
          ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "quick"));
      Thread late = handler.get();
      if (late != null) {
        late.interrupt();
      }
    }
    for (ListenableFuture<String> call : calls) {
      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("quick");
    }
  }
}
