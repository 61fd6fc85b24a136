package blackhole.endpoint.gate;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.endpoint.call.CallGuard;
import blackhole.endpoint.call.DaemonThreads;
import blackhole.endpoint.call.HeldListener;
import blackhole.endpoint.call.OpenCall;
import blackhole.endpoint.call.TypedCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for a handler. None of them has been asked for a message, so each is no more than
 * its headers; and there is a bound to their number. Thread-safe.
 */
public final class HeldCalls implements AutoCloseable {
  /** How long a call waits, unless its deadline comes first; that ends it without us. */
  public static final Duration BOUND = Duration.ofSeconds(10);

  private static final int MAX_CALLS = 10_000;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final RpcStatus TOO_LATE =
      RpcStatus.of(
              Status.Code.UNAVAILABLE,
              Reasons.DOMAIN,
              Reasons.SERVICE_NOT_READY,
              "the service is being updated, and was not back within " + BOUND.toSeconds() + " s")
          .retryAfter(RETRY_AFTER);

  private static final RpcStatus TOO_MANY =
      RpcStatus.of(
              Status.Code.UNAVAILABLE,
              Reasons.DOMAIN,
              Reasons.SERVICE_NOT_READY,
              "the service is being updated, and " + MAX_CALLS + " calls wait for it already")
          .retryAfter(RETRY_AFTER);

  /** Starts what a call has waited for. */
  @FunctionalInterface
  public interface Start {
    ServerCall.Listener<InputStream> start(HeldCall call);
  }

  /** One of them. */
  public static final class HeldCall {
    private final ServerCall<InputStream, InputStream> call;
    private final Metadata headers;
    private final Context context = Context.current();
    private final @Nullable OpenCall open = OpenCall.current();
    private final long sinceNanos = System.nanoTime();
    private final HeldListener<InputStream> listener;

    HeldCall(ServerCall<InputStream, InputStream> call, Metadata headers, HeldCalls among) {
      this.call = call;
      this.headers = headers;
      this.listener = new HeldListener<>(() -> among.remove(this));
    }

    public String method() {
      return call.getMethodDescriptor().getFullMethodName();
    }

    public ServerCall<InputStream, InputStream> call() {
      return call;
    }

    public Metadata headers() {
      return headers;
    }

    public @Nullable OpenCall open() {
      return open;
    }
  }

  // as the first of them comes, so that most processes never have these threads
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DaemonThreads("blackhole-held-call"));
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, new DaemonThreads("blackhole-held-call-timer"));

  // guarded by this
  private final Set<HeldCall> calls = new LinkedHashSet<>();
  private boolean looks;

  public HeldCalls() {
    timer.setKeepAliveTime(1, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** Has a call wait, and gives what hears of it meanwhile. */
  public ServerCall.Listener<InputStream> add(
      ServerCall<InputStream, InputStream> call, Metadata headers) {
    HeldCall held = new HeldCall(call, headers, this);
    synchronized (this) {
      if (calls.size() < MAX_CALLS) {
        calls.add(held);
        lookLater();
        return held.listener;
      }
    }
    call.close(TOO_MANY.status(), TOO_MANY.trailers());
    return new ServerCall.Listener<>() {};
  }

  private synchronized void remove(HeldCall call) {
    calls.remove(call);
  }

  public synchronized int size() {
    return calls.size();
  }

  /** Takes those out that need not wait any more. */
  public synchronized List<HeldCall> take(Predicate<String> methods) {
    List<HeldCall> taken = new ArrayList<>();
    for (Iterator<HeldCall> each = calls.iterator(); each.hasNext(); ) {
      HeldCall call = each.next();
      if (methods.test(call.method())) {
        taken.add(call);
        each.remove();
      }
    }
    return taken;
  }

  /** Starts calls that were taken, each on a thread of its own, as handlers may block. */
  public void release(List<HeldCall> taken, Start start) {
    for (HeldCall call : taken) {
      threads.execute(call.context.wrap(() -> release(call, start)));
    }
  }

  private static void release(HeldCall held, Start start) {
    try {
      OpenCall open = held.open;
      if (open != null) {
        open.held(held.sinceNanos);
      }
      ServerCall.Listener<InputStream> listener = start.start(held);
      held.listener.release(listener);
      TypedCall.open(listener);
    } catch (Throwable t) {
      // the handler's; on this thread nobody else is there to answer for it
      held.listener.release(new ServerCall.Listener<>() {});
      CallGuard.fail(held.call, t);
    }
  }

  private void lookLater() {
    if (!looks) {
      looks = true;
      var unused = timer.schedule(this::look, BOUND.toNanos() / 100, TimeUnit.NANOSECONDS);
    }
  }

  /** Refuses those that have waited for too long. */
  private void look() {
    List<HeldCall> late = new ArrayList<>();
    long now = System.nanoTime();
    synchronized (this) {
      looks = false;
      for (HeldCall call : calls) {
        if (now - call.sinceNanos >= BOUND.toNanos()) {
          late.add(call);
        }
      }
      late.forEach(calls::remove);
      if (!calls.isEmpty()) {
        lookLater();
      }
    }
    for (HeldCall call : late) {
      call.call.close(TOO_LATE.status(), TOO_LATE.trailers());
      call.listener.release(new ServerCall.Listener<>() {});
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdown();
  }
}
