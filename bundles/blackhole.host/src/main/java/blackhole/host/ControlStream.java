package blackhole.host;

import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * One attempt at the control stream, on a channel of its own: a channel that failed once waits for
 * its backoff, while we have our own idea of when to try again. Decides nothing, calls back; {@link
 * #send} and the closing methods are called serially.
 */
final class ControlStream {
  /** Called on gRPC's threads, one call at a time; {@link #ended} is the last and comes once. */
  interface Listener {
    void received(ControlStream stream, NodeMessage message);

    void ended(ControlStream stream, Status status);
  }

  private final ManagedChannel channel;
  private final ClientCallStreamObserver<HostMessage> out;

  ControlStream(ManagedChannel channel, Listener listener) {
    this.channel = channel;
    // a stub returns nothing else, and this is the documented way to it
    this.out =
        (ClientCallStreamObserver<HostMessage>)
            ControlGrpc.newStub(channel).attach(new Inbound(listener));
  }

  /** What is sent now goes out at once, and is not queued behind something else. */
  boolean isReady() {
    return out.isReady();
  }

  void send(HostMessage message) {
    try {
      out.onNext(message);
    } catch (StatusRuntimeException | IllegalStateException e) {
      // ended meanwhile, which the listener is told; what was said is said again on the next stream
    }
  }

  /** Nothing more to say; the other side answers by ending the stream. */
  void halfClose() {
    try {
      out.onCompleted();
    } catch (IllegalStateException e) {
      // ended meanwhile
    }
  }

  void close() {
    channel.shutdownNow();
  }

  /** Ends this attempt, and gives its channel for another. */
  ManagedChannel handOver() {
    out.cancel("another part of this host calls", null);
    return channel;
  }

  private final class Inbound implements StreamObserver<NodeMessage> {
    private final Listener listener;

    Inbound(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void onNext(NodeMessage message) {
      listener.received(ControlStream.this, message);
    }

    @Override
    public void onError(Throwable problem) {
      listener.ended(ControlStream.this, Status.fromThrowable(problem));
    }

    @Override
    public void onCompleted() {
      listener.ended(ControlStream.this, Status.OK);
    }
  }
}
