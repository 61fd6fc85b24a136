package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalReconnectTest {
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void triesAgainAndAgainUntilAConnectionStands() throws Exception {
    LossyChannel channel = new LossyChannel(3);
    LocalReconnect.watch(channel, timer);
    assertThat(channel.waitedFor()).isEqualTo(ConnectivityState.READY);

    channel.become(ConnectivityState.TRANSIENT_FAILURE);
    assertThat(channel.waitedFor()).isEqualTo(ConnectivityState.READY);
    assertThat(channel.resets).hasValue(3);

    // and once more, for the next loss
    channel.become(ConnectivityState.IDLE);
    assertThat(channel.waitedFor()).isEqualTo(ConnectivityState.IDLE);
    channel.become(ConnectivityState.TRANSIENT_FAILURE);
    assertThat(channel.waitedFor()).isEqualTo(ConnectivityState.READY);
    assertThat(channel.resets).hasValue(6);
  }

  @Test
  void leavesAChannelThatIsShutDown() throws Exception {
    LossyChannel channel = new LossyChannel(1);
    LocalReconnect.watch(channel, timer);
    assertThat(channel.waitedFor()).isEqualTo(ConnectivityState.READY);

    channel.become(ConnectivityState.SHUTDOWN);

    assertThat(channel.waits).isEmpty();
    assertThat(timer.getTaskCount()).isZero();
  }

  @Test
  void anEventLoopThatHasEndedIsNoError() {
    LossyChannel channel = new LossyChannel(1);
    LocalReconnect.watch(channel, timer);
    timer.shutdownNow();
    channel.become(ConnectivityState.TRANSIENT_FAILURE);
    assertThat(channel.resets).hasValue(0);
  }

  /** Ready at first; after a loss it gets ready again by the n-th attempt. */
  private static final class LossyChannel extends ManagedChannel {
    private final int attempts;
    private final AtomicInteger resets = new AtomicInteger();
    private final BlockingQueue<ConnectivityState> waits = new LinkedBlockingQueue<>();
    private volatile ConnectivityState state = ConnectivityState.READY;
    private volatile Runnable callback = () -> {};

    LossyChannel(int attempts) {
      this.attempts = attempts;
    }

    ConnectivityState waitedFor() throws InterruptedException {
      return waits.poll(20, TimeUnit.SECONDS);
    }

    void become(ConnectivityState next) {
      state = next;
      callback.run();
    }

    @Override
    public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
      this.callback = callback;
      waits.add(source);
    }

    @Override
    public ConnectivityState getState(boolean requestConnection) {
      return state;
    }

    @Override
    public void resetConnectBackoff() {
      if (resets.incrementAndGet() % attempts == 0) {
        state = ConnectivityState.READY;
      }
    }

    @Override
    public ManagedChannel shutdown() {
      return this;
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public ManagedChannel shutdownNow() {
      return this;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String authority() {
      return "localhost";
    }
  }
}
