package blackhole.client.events;

import blackhole.api.events.EventListener;
import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Span;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Tracer;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.SlowPolicy;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A listener's subscription to one type. When its stream ends, for whatever reason, it subscribes
 * again from where it was. The next event is asked for when the listener has done with the one
 * before, and the stream keeps the others in its log. As a member of a group it acknowledges each
 * event then, so that what it has not done with when its process dies is sent to another.
 */
final class Listening implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Listening.class.getName());

  /** The service says in it where a subscription begins. */
  private static final Metadata.Key<String> FROM =
      Metadata.Key.of("blackhole-events-from", Metadata.ASCII_STRING_MARSHALLER);

  private static final long FIRST_DELAY_MILLIS = 50;
  private static final long LAST_DELAY_MILLIS = 5_000;

  private final Channel channel;
  private final String type;
  private final EventListener listener;
  private final String group;
  private final Object turn;
  private final ScheduledExecutorService timer;
  private final Supplier<@Nullable Tracer> tracer;
  private final Acknowledgements acknowledgements;

  // guarded by this
  private @Nullable ClientCall<SubscribeRequest, Event> call;
  private long next;
  private long delayMillis = FIRST_DELAY_MILLIS;
  private boolean closed;

  /**
   * @param turn is held while the listener is called
   */
  Listening(
      Channel channel,
      String type,
      EventListener listener,
      Object turn,
      ScheduledExecutorService timer,
      Supplier<@Nullable Tracer> tracer) {
    this.tracer = tracer;
    this.channel = channel;
    this.type = type;
    this.listener = listener;
    this.turn = turn;
    this.timer = timer;
    this.group = listener.group();
    this.next = listener.from();
    this.acknowledgements = new Acknowledgements(channel, group, timer);
  }

  /** Returns at once. */
  void start() {
    // on behalf of nobody: it outlives the call in which the listener may have been registered
    Context.ROOT.run(this::subscribe);
  }

  private synchronized void subscribe() {
    if (closed) {
      return;
    }
    ClientCall<SubscribeRequest, Event> made =
        channel.newCall(EventStreamGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
    call = made;
    made.start(new Stream(made), new Metadata());
    made.request(1);
    made.sendMessage(
        SubscribeRequest.newBuilder()
            .setEventType(type)
            .setFromPosition(next)
            .setGroup(group)
            .setPolicy(SlowPolicy.BLOCK)
            .setAcknowledge(isMember())
            .build());
    made.halfClose();
  }

  private final class Stream extends ClientCall.Listener<Event> {
    private final ClientCall<SubscribeRequest, Event> of;

    Stream(ClientCall<SubscribeRequest, Event> of) {
      this.of = of;
    }

    @Override
    public void onHeaders(Metadata headers) {
      begun(headers.get(FROM));
    }

    @Override
    public void onMessage(Event message) {
      synchronized (turn) {
        if (isClosed()) {
          return;
        }
        try {
          deliver(message);
        } catch (RuntimeException e) {
          LOG.log(
              Level.ERROR,
              "a listener of " + type + " failed with event " + message.getPosition(),
              e);
        }
      }
      doneWith(message.getPosition());
      of.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended(status);
    }
  }

  /** In the trace that the event belongs to, if it is one of those that are recorded. */
  private void deliver(Event message) {
    Tracer present = tracer.get();
    TraceContext trace = TraceContext.ofSpan(message.getTraceId(), message.getSpanId());
    ActiveSpan span =
        present == null || trace == null
            ? null
            : present.begin(trace, Span.Kind.CONSUMER, "event " + message.getType());
    if (span == null || !span.isRecorded()) {
      listener.onEvent(EventMessages.event(message));
      return;
    }
    span.attribute("messaging.message.id", message.getId());
    span.attribute("blackhole.events.position", Long.toString(message.getPosition()));
    String failure = "";
    try {
      span.context()
          .in(Context.current())
          .run(() -> listener.onEvent(EventMessages.event(message)));
    } catch (RuntimeException e) {
      failure = e.toString();
      throw e;
    } finally {
      span.end(failure);
    }
  }

  private boolean isMember() {
    return !group.isEmpty();
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void begun(@Nullable String from) {
    delayMillis = FIRST_DELAY_MILLIS;
    acknowledgements.begun();
    if (next == 0 && from != null) {
      // or what is published while there is no stream would be missed
      next = Long.parseLong(from);
    }
  }

  private void doneWith(long position) {
    synchronized (this) {
      next = position + 1;
    }
    if (isMember()) {
      acknowledgements.add(position);
    }
  }

  private synchronized void ended(Status status) {
    if (closed) {
      return;
    }
    Level level = Level.DEBUG;
    if (status.getCode() == Status.Code.OUT_OF_RANGE) {
      // the stream has lost its end, or is another one
      level = Level.WARNING;
      next = 0;
    } else if (status.getCode() != Status.Code.UNAVAILABLE) {
      level = Level.WARNING;
    }
    LOG.log(level, "the subscription to {0} ended, and begins again: {1}", type, status);
    try {
      var unused =
          timer.schedule(
              () -> Context.ROOT.run(this::subscribe), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      closed = true; // the process ends
    }
    delayMillis = Math.min(LAST_DELAY_MILLIS, 2 * delayMillis);
  }

  /** Nothing is delivered any more, but for what is being delivered. */
  @Override
  public void close() {
    ClientCall<SubscribeRequest, Event> open;
    synchronized (this) {
      closed = true;
      open = call;
    }
    if (open != null) {
      open.cancel("the listener has gone", null);
    }
  }
}
