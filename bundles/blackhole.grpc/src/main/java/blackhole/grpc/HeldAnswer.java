package blackhole.grpc;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.internal.ClientStreamListener;
import io.grpc.internal.GrpcUtil;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds an answer's headers and message until its status is there; then hands on all of it, or, if
 * the connection went before the status came, only that. It is a tracer too, because tracers alone
 * are told whether a status came from the server.
 *
 * <p>Called by the transport's thread only.
 */
final class HeldAnswer extends ClientStreamTracer implements ClientStreamListener {
  private @Nullable ClientStreamListener listener;
  private @Nullable Metadata headers;

  /** There is one, as there is one message; more are held for a server that sends more. */
  private @Nullable MessageProducer message;

  private @Nullable List<MessageProducer> more;
  private boolean hasStatus;

  /** The listener to give to the transport; once, and before anything is heard of. */
  ClientStreamListener heldFrom(ClientStreamListener real) {
    listener = real;
    return this;
  }

  private ClientStreamListener listener() {
    if (listener == null) {
      throw new IllegalStateException("an answer to a call that was not started");
    }
    return listener;
  }

  @Override
  public void inboundTrailers(Metadata trailers) {
    hasStatus = true;
  }

  @Override
  public void headersRead(Metadata received) {
    headers = received;
  }

  @Override
  public void messagesAvailable(MessageProducer producer) {
    if (message == null) {
      message = producer;
      return;
    }
    List<MessageProducer> others = more;
    if (others == null) {
      others = new ArrayList<>(1);
      more = others;
    }
    others.add(producer);
  }

  @Override
  public void onReady() {
    listener().onReady();
  }

  @Override
  public void closed(Status status, RpcProgress progress, Metadata trailers) {
    MessageProducer first = message;
    List<MessageProducer> others = more;
    message = null;
    more = null;
    if (isCutOff(status)) {
      discard(first, others);
    } else {
      handOn(first, others);
    }
    listener().closed(status, progress, trailers);
  }

  /** A message that is too large, a deadline, a cancellation: those are none. */
  private boolean isCutOff(Status status) {
    return !hasStatus
        && switch (status.getCode()) {
          case UNAVAILABLE -> true;
          // of a connection that went in the moment of a write
          case UNKNOWN -> status.getCause() instanceof ClosedChannelException;
          default -> false;
        };
  }

  private void handOn(@Nullable MessageProducer first, @Nullable List<MessageProducer> others) {
    ClientStreamListener real = listener();
    if (headers != null) {
      real.headersRead(headers);
    }
    if (first != null) {
      real.messagesAvailable(first);
    }
    if (others != null) {
      others.forEach(real::messagesAvailable);
    }
  }

  private static void discard(
      @Nullable MessageProducer first, @Nullable List<MessageProducer> others) {
    if (first != null) {
      discard(first);
    }
    if (others != null) {
      others.forEach(HeldAnswer::discard);
    }
  }

  /** Its bytes may be a buffer of Netty's. */
  private static void discard(MessageProducer producer) {
    InputStream message = producer.next();
    while (message != null) {
      GrpcUtil.closeQuietly(message);
      message = producer.next();
    }
  }
}
