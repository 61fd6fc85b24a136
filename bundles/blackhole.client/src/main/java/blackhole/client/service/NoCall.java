package blackhole.client.service;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/** Stands where a call is not made: not started yet, or refused. */
final class NoCall extends ClientCall<Object, Object> {
  private static final NoCall INSTANCE = new NoCall();

  @SuppressWarnings("unchecked") // it takes no message and gives none
  static <Q, R> ClientCall<Q, R> instance() {
    return (ClientCall<Q, R>) (ClientCall<?, ?>) INSTANCE;
  }

  private NoCall() {}

  @Override
  public void start(Listener<Object> listener, Metadata headers) {}

  @Override
  public void request(int messages) {}

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {}

  @Override
  public void halfClose() {}

  @Override
  public void sendMessage(Object message) {}
}
