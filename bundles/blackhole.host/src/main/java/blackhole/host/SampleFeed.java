package blackhole.host;

import blackhole.control.v1.HostMessage;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Welcome;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends samples to an orchestrator that asks for them, from READY on. Where the stream takes no
 * more at the moment, a sample is not even made: the next will be newer. Used in the control
 * client's context.
 */
final class SampleFeed {
  static final String FEATURE = "samples";

  /** The first sample loads classes that a start can do without. */
  private static final Duration AFTER_READY = Duration.ofSeconds(1);

  private final SynchronizationContext context;
  private final ScheduledExecutorService timer;
  private final Consumer<Consumer<Sample>> source;

  private @Nullable ControlStream stream;
  private Duration interval = Duration.ZERO;
  private @Nullable ScheduledHandle next;

  /**
   * @param source makes a sample; must not block, and may answer from any thread
   */
  SampleFeed(
      SynchronizationContext context,
      ScheduledExecutorService timer,
      Consumer<Consumer<Sample>> source) {
    this.context = context;
    this.timer = timer;
    this.source = source;
  }

  /** A new stream is there; it takes samples if its Welcome says so. */
  void welcomed(ControlStream to, Welcome welcome, boolean ready) {
    close();
    if (welcome.getFeaturesList().contains(FEATURE) && welcome.getSampleIntervalMillis() > 0) {
      stream = to;
      interval = Duration.ofMillis(welcome.getSampleIntervalMillis());
      if (ready) {
        ready();
      }
    }
  }

  /** The host is READY. */
  void ready() {
    if (stream != null && next == null) {
      schedule(interval.compareTo(AFTER_READY) < 0 ? interval : AFTER_READY);
    }
  }

  /** The stream is gone. */
  void close() {
    stream = null;
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private void schedule(Duration delay) {
    next = context.schedule(this::due, delay.toNanos(), TimeUnit.NANOSECONDS, timer);
  }

  private void due() {
    @Nullable ControlStream to = stream;
    if (to == null) {
      return;
    }
    if (to.isReady()) {
      source.accept(sample -> context.execute(() -> send(to, sample)));
    }
    schedule(interval);
  }

  private void send(ControlStream to, Sample sample) {
    if (to == stream) {
      to.send(HostMessage.newBuilder().setSample(sample).build());
    }
  }
}
