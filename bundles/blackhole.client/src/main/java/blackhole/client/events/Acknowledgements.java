package blackhole.client.events;

import blackhole.events.v1.AcknowledgeRequest;
import blackhole.events.v1.AcknowledgeResponse;
import blackhole.events.v1.EventStreamGrpc;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells the stream which events a group's member has done with: in one call at a time, which takes
 * along whatever was done since the one before, and which is repeated until it is answered. One
 * that never is costs a repetition of its events, nothing else. Thread-safe.
 */
final class Acknowledgements {
  private static final System.Logger LOG = System.getLogger(Acknowledgements.class.getName());

  /** As many as a call takes. */
  private static final int MAX_POSITIONS = 10_000;

  private static final long FIRST_DELAY_MILLIS = 50;
  private static final long LAST_DELAY_MILLIS = 5_000;

  private final Channel channel;
  private final String group;
  private final ScheduledExecutorService timer;

  // guarded by this
  private final Set<Long> done = new LinkedHashSet<>();
  private boolean calling;
  private boolean unknown;
  private long delayMillis = FIRST_DELAY_MILLIS;

  Acknowledgements(Channel channel, String group, ScheduledExecutorService timer) {
    this.channel = channel;
    this.group = group;
    this.timer = timer;
  }

  /** The stream may be one of another version from now on. */
  synchronized void begun() {
    unknown = false;
  }

  /** The event at this position is done with. Returns at once. */
  void add(long position) {
    synchronized (this) {
      if (unknown || !done.add(position) || calling) {
        return;
      }
      calling = true;
    }
    call();
  }

  private void call() {
    List<Long> positions;
    synchronized (this) {
      positions = done.stream().limit(MAX_POSITIONS).toList();
      // one that is sent again in the meantime is to be acknowledged again
      positions.forEach(done::remove);
    }
    AcknowledgeRequest request =
        AcknowledgeRequest.newBuilder().setGroup(group).addAllPositions(positions).build();
    // on behalf of nobody: the stream's context ends with the stream
    Context.ROOT.run(
        () -> EventStreamGrpc.newStub(channel).acknowledge(request, new Answer(positions)));
  }

  private final class Answer implements StreamObserver<AcknowledgeResponse> {
    private final List<Long> positions;

    Answer(List<Long> positions) {
      this.positions = positions;
    }

    @Override
    public void onNext(AcknowledgeResponse response) {}

    @Override
    public void onCompleted() {
      answered();
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      LOG.log(level(status), "events of group {0} are not acknowledged: {1}", group, status);
      switch (status.getCode()) {
        case UNIMPLEMENTED -> knowsNone();
        case NOT_FOUND -> answered(); // nobody is waiting for it
        default -> callAgain(positions);
      }
    }
  }

  /** What passes, or is as it should be, is nobody's concern; a refusal is somebody's. */
  private static Level level(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE, UNIMPLEMENTED, NOT_FOUND, CANCELLED, DEADLINE_EXCEEDED -> Level.DEBUG;
      default -> Level.WARNING;
    };
  }

  private void answered() {
    synchronized (this) {
      delayMillis = FIRST_DELAY_MILLIS;
      calling = !done.isEmpty();
      if (!calling) {
        return;
      }
    }
    call();
  }

  /** The stream is one of before there was such a thing, and sends events all the same. */
  private synchronized void knowsNone() {
    unknown = true;
    done.clear();
    calling = false;
  }

  private synchronized void callAgain(List<Long> positions) {
    done.addAll(positions);
    try {
      var unused = timer.schedule(this::call, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return; // the process ends
    }
    delayMillis = Math.min(LAST_DELAY_MILLIS, 2 * delayMillis);
  }
}
