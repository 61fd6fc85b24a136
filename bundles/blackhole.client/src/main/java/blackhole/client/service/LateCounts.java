package blackhole.client.service;

import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.util.ForwardingClientStreamTracer;

/**
 * Keeps the calls that outlier detection cannot count. In gRPC 1.85 it takes the counter of a
 * connection's address when a call is sent, and does not expect that the address has just left the
 * list; then it throws where the call ends, which fails a call that was answered. Such a call is of
 * no use for a comparison any more, and goes uncounted.
 */
final class LateCounts extends ClientStreamTracer.Factory {
  private final ClientStreamTracer.Factory counting;

  private LateCounts(ClientStreamTracer.Factory counting) {
    this.counting = counting;
  }

  /** The same choice, whose call cannot fail for being counted. */
  static PickResult tolerated(PickResult pick) {
    ClientStreamTracer.Factory counting = pick.getStreamTracerFactory();
    return counting == null ? pick : pick.copyWithStreamTracerFactory(new LateCounts(counting));
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
    ClientStreamTracer tracer = counting.newClientStreamTracer(info, headers);
    return new ForwardingClientStreamTracer() {
      @Override
      protected ClientStreamTracer delegate() {
        return tracer;
      }

      @Override
      public void streamClosed(Status status) {
        try {
          super.streamClosed(status);
        } catch (NullPointerException e) {
          // there is no counter
        }
      }
    };
  }
}
