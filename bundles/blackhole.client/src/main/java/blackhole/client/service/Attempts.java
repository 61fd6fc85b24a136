package blackhole.client.service;

import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Span;
import blackhole.api.observe.Tracer;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Watches the attempts of a recorded call. The first one is the call, as most have no other; each
 * further one has a span of its own, which is what the other side sees as its caller. Calls that
 * are not recorded are not watched.
 */
final class Attempts extends ClientStreamTracer.Factory {
  private final ActiveSpan call;
  private final @Nullable Tracer tracer;
  private final String method;
  private final Runnable taken;

  /** How the first attempt ended. */
  private volatile @Nullable Status first;

  /**
   * @param taken told when an instance takes an attempt
   */
  Attempts(
      ActiveSpan call, @Nullable Tracer tracer, MethodDescriptor<?, ?> method, Runnable taken) {
    this.taken = taken;
    this.call = call;
    this.tracer = tracer;
    this.method = method.getFullMethodName();
  }

  /** Health and reflection are the platform's, and asked all the time. */
  static boolean isTraced(MethodDescriptor<?, ?> method) {
    String name = method.getFullMethodName();
    return !name.startsWith("grpc.") && !name.startsWith("blackhole.health.");
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    int previous = info.getPreviousAttempts();
    boolean again = previous > 0 || info.isTransparentRetry();
    if (!again || tracer == null) {
      return new First();
    }
    ActiveSpan attempt = tracer.begin(call.context(), Span.Kind.CLIENT, method);
    if (attempt == null || !attempt.isRecorded()) {
      return new First();
    }
    Status lost = first;
    if (lost != null) {
      call.attribute("blackhole.first_attempt", lost.getCode().name());
    }
    call.attribute("blackhole.retries", Integer.toString(Math.max(1, previous)));
    attempt.attribute("rpc.system", "grpc");
    attempt.attribute(
        "blackhole.retry", info.isTransparentRetry() ? "transparent" : Integer.toString(previous));
    attempt.context().put(headers);
    return new Retry(attempt, taken);
  }

  /** What went wrong with it would be lost when another one follows. */
  private final class First extends ClientStreamTracer {
    @Override
    public void streamCreated(Attributes transport, Metadata headers) {
      taken.run();
    }

    @Override
    public void streamClosed(Status status) {
      first = status;
    }
  }

  private static final class Retry extends ClientStreamTracer {
    private final ActiveSpan attempt;
    private final Runnable taken;

    Retry(ActiveSpan attempt, Runnable taken) {
      this.attempt = attempt;
      this.taken = taken;
    }

    @Override
    public void streamCreated(Attributes transport, Metadata headers) {
      taken.run();
    }

    @Override
    public void streamClosed(Status status) {
      attempt.end(status);
    }
  }
}
