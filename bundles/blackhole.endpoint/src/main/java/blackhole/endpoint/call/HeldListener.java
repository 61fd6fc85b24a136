package blackhole.endpoint.call;

import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what happens to a call until its handler may start, and then tells it in order. What it
 * keeps is bounded: a message comes only when somebody has asked for it, and that is the handler's
 * part. Events come on one thread at a time, the release on any other.
 */
public final class HeldListener<ReqT> extends ServerCall.Listener<ReqT> {
  private final Queue<Consumer<ServerCall.Listener<ReqT>>> held =
      new ArrayDeque<>(); // guarded by this

  /** Set once all that was held is told. */
  private volatile ServerCall.@Nullable Listener<ReqT> released;

  private final Runnable onCancel;

  public HeldListener() {
    this(() -> {});
  }

  /**
   * @param onCancel what to do when nobody waits for an answer any more, handler or not
   */
  public HeldListener(Runnable onCancel) {
    this.onCancel = onCancel;
  }

  /** Tells the listener what has happened so far; from now on it hears of everything at once. */
  public void release(ServerCall.Listener<ReqT> listener) {
    while (true) {
      Consumer<ServerCall.Listener<ReqT>> event;
      synchronized (this) {
        event = held.poll();
        if (event == null) {
          released = listener;
          return;
        }
      }
      event.accept(listener);
    }
  }

  private void tell(Consumer<ServerCall.Listener<ReqT>> event) {
    ServerCall.Listener<ReqT> listener = released;
    if (listener == null) {
      synchronized (this) {
        listener = released;
        if (listener == null) {
          held.add(event);
          return;
        }
      }
    }
    event.accept(listener);
  }

  @Override
  public void onMessage(ReqT message) {
    tell(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    tell(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    onCancel.run();
    tell(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    tell(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    tell(ServerCall.Listener::onReady);
  }
}
