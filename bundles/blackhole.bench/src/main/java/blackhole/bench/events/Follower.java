package blackhole.bench.events;

import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.SlowPolicy;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that can stall, go and come again, and notes each position that it is sent. When its
 * stream ends for its slowness, it resumes behind the last one. Thread-safe.
 */
final class Follower {
  private final Channel channel;
  private final SlowPolicy policy;

  // guarded by this
  private final BitSet got = new BitSet();
  private @Nullable ClientCall<SubscribeRequest, Event> call;
  private boolean begun;
  private boolean stalled;
  private boolean owed;
  private long last;
  private long outOfOrder;
  private long disconnects;
  private @Nullable Status problem;

  Follower(Channel channel, SlowPolicy policy) {
    this.channel = channel;
    this.policy = policy;
  }

  /** Follows from behind the last event that it got; from the first one at the beginning. */
  synchronized void come() {
    ClientCall<SubscribeRequest, Event> made =
        channel.newCall(
            EventStreamGrpc.getSubscribeMethod(), CallOptions.DEFAULT.withExecutor(Runnable::run));
    call = made;
    made.start(new Stream(made), new Metadata());
    made.sendMessage(
        SubscribeRequest.newBuilder().setFromPosition(last + 1).setPolicy(policy).build());
    made.halfClose();
    made.request(1);
  }

  synchronized void go() {
    ClientCall<SubscribeRequest, Event> open = call;
    call = null;
    if (open != null) {
      open.cancel("gone", null);
    }
  }

  /** It takes nothing more. */
  synchronized void stall() {
    stalled = true;
  }

  synchronized void resume() {
    stalled = false;
    ClientCall<SubscribeRequest, Event> open = call;
    if (owed && open != null) {
      owed = false;
      open.request(1);
    }
  }

  private final class Stream extends ClientCall.Listener<Event> {
    private final ClientCall<SubscribeRequest, Event> of;

    Stream(ClientCall<SubscribeRequest, Event> of) {
      this.of = of;
    }

    @Override
    public void onHeaders(Metadata headers) {
      begin();
    }

    @Override
    public void onMessage(Event event) {
      if (take(of, event.getPosition())) {
        of.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended(of, status);
    }
  }

  private synchronized void begin() {
    begun = true;
    notifyAll();
  }

  private synchronized boolean take(ClientCall<SubscribeRequest, Event> from, long position) {
    if (from != call) {
      return false; // it has gone, and asks for this one again
    }
    if (position <= last) {
      outOfOrder++;
    }
    last = position;
    got.set((int) position);
    notifyAll();
    owed = stalled;
    return !stalled;
  }

  private synchronized void ended(ClientCall<SubscribeRequest, Event> which, Status status) {
    if (which != call) {
      return;
    }
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED && policy == SlowPolicy.DISCONNECT) {
      disconnects++;
      owed = false;
      come();
      return;
    }
    problem = status;
    notifyAll();
  }

  /** Waits for the service's first word. */
  synchronized void awaitBegun(long deadlineNanos) throws InterruptedException {
    while (!begun) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new IllegalStateException("a subscription does not begin");
      }
      throwProblem();
      wait(millisUntil(deadlineNanos));
    }
  }

  /** Whether it has got the event at this position in time. */
  synchronized boolean awaitPosition(long position, long deadlineNanos)
      throws InterruptedException {
    while (last < position && System.nanoTime() - deadlineNanos < 0) {
      throwProblem();
      wait(millisUntil(deadlineNanos));
    }
    return last >= position;
  }

  private void throwProblem() {
    Status failed = problem;
    if (failed != null) {
      throw failed.asRuntimeException();
    }
  }

  private static long millisUntil(long deadlineNanos) {
    return Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
  }

  /** Positions up to this one that it did not get. */
  synchronized long missing(long head) {
    return head - got.get(1, (int) head + 1).cardinality();
  }

  /** Events that came twice, or after a later one. */
  synchronized long outOfOrder() {
    return outOfOrder;
  }

  synchronized long disconnects() {
    return disconnects;
  }
}
