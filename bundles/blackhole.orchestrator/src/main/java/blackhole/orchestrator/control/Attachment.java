package blackhole.orchestrator.control;

import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stream that comes in: nobody's until its Hello is accepted, then its session's. gRPC calls it
 * serially; only the timeout comes from elsewhere.
 */
final class Attachment implements StreamObserver<HostMessage> {
  private static final Logger LOG = System.getLogger(Attachment.class.getName());

  private final ControlService service;
  private final ServerCallStreamObserver<NodeMessage> out;
  private final Duration helloTimeout;
  private final Future<?> expiry;

  /** Taken by whoever comes first: the first message, the end of the stream, or the timeout. */
  private final AtomicBoolean decided = new AtomicBoolean();

  private @Nullable HostSession session;

  Attachment(
      ControlService service,
      ServerCallStreamObserver<NodeMessage> out,
      ScheduledExecutorService timer,
      Duration helloTimeout) {
    this.service = service;
    this.out = out;
    this.helloTimeout = helloTimeout;
    this.expiry = timer.schedule(this::expire, helloTimeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onNext(HostMessage message) {
    if (session != null) {
      session.received(message);
    } else if (decide()) {
      open(message);
    }
  }

  /** The stream takes more, after it did not. */
  void writable() {
    if (session != null) {
      session.writable();
    }
  }

  private void open(HostMessage first) {
    Status status =
        first.hasHello()
            ? service.check(first.getHello())
            : Status.FAILED_PRECONDITION.withDescription("the first message is not a Hello");
    if (status.isOk()) {
      session = service.accept(first.getHello(), out);
    } else {
      refuse(status);
    }
  }

  private void expire() {
    if (decide()) {
      refuse(
          Status.DEADLINE_EXCEEDED.withDescription(
              "no Hello within " + helloTimeout.toMillis() + " ms"));
    }
  }

  private boolean decide() {
    expiry.cancel(false);
    return decided.compareAndSet(false, true);
  }

  private void refuse(Status status) {
    LOG.log(Level.WARNING, "refused a control stream: {0}", status.getDescription());
    out.onError(status.asRuntimeException());
  }

  @Override
  public void onError(Throwable problem) {
    if (session != null) {
      session.disconnected(Status.fromThrowable(problem));
    } else {
      decide();
    }
  }

  @Override
  public void onCompleted() {
    if (session != null) {
      session.disconnected(Status.OK);
    } else if (decide()) {
      out.onCompleted();
    }
  }
}
