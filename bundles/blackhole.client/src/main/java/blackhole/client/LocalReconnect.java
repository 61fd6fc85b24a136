package blackhole.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Shortens the wait before a channel on this machine connects again. gRPC's own backoff starts at a
 * second and grows to two minutes, to spare networks and far servers; a failed connect to a Unix
 * socket costs microseconds, and a service that was restarted is back within a second.
 *
 * <p>Everything happens in channel callbacks and on the timer, one at a time for each channel: a
 * callback is asked for only once the timer is done, and the other way round.
 */
final class LocalReconnect {
  private static final long FIRST_DELAY_MILLIS = 25;
  private static final long LONGEST_DELAY_MILLIS = 500;

  private final ManagedChannel channel;
  private final ScheduledExecutorService timer;
  private long delayMillis = FIRST_DELAY_MILLIS;

  private LocalReconnect(ManagedChannel channel, ScheduledExecutorService timer) {
    this.channel = channel;
    this.timer = timer;
  }

  /** Looks after this channel until it is shut down. */
  static void watch(ManagedChannel channel, ScheduledExecutorService timer) {
    new LocalReconnect(channel, timer).stateChanged();
  }

  private void stateChanged() {
    ConnectivityState state = channel.getState(false);
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      schedule();
    } else if (state != ConnectivityState.SHUTDOWN) {
      if (state == ConnectivityState.READY) {
        delayMillis = FIRST_DELAY_MILLIS;
      }
      channel.notifyWhenStateChanged(state, this::stateChanged);
    }
  }

  private void schedule() {
    try {
      var unused = timer.schedule(this::connect, delayMillis, MILLISECONDS);
      delayMillis = Math.min(2 * delayMillis, LONGEST_DELAY_MILLIS);
    } catch (RejectedExecutionException e) {
      // the event loop has ended, and no connection can be made any more
    }
  }

  private void connect() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // the state stays the same until a connection stands, so no callback would come
      channel.resetConnectBackoff();
      schedule();
    } else {
      stateChanged();
    }
  }
}
