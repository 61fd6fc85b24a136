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
  private final List<MessageProducer> messages = new ArrayList<>(1);
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
    messages.add(producer);
  }

  @Override
  public void onReady() {
    listener().onReady();
  }

  @Override
  public void closed(Status status, RpcProgress progress, Metadata trailers) {
    if (isCutOff(status)) {
      messages.forEach(HeldAnswer::discard);
    } else {
      handOn();
    }
    messages.clear();
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

  private void handOn() {
    if (headers != null) {
      listener().headersRead(headers);
    }
    messages.forEach(listener()::messagesAvailable);
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
