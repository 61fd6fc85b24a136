package blackhole.endpoint.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerStreamTracer.ServerCallInfo;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallCountersTest {
  private final CallCounters counters = new CallCounters(PlatformServices::isOwn);

  @Test
  void countsCallsAndThoseThatFail() {
    start("a.B/C").streamClosed(Status.OK);
    start("a.B/C").streamClosed(Status.NOT_FOUND);
    start("a.B/C").streamClosed(Status.CANCELLED);
    ServerStreamTracer open = start("a.B/C");

    assertThat(counters.requests()).isEqualTo(4);
    assertThat(counters.errors()).isEqualTo(1);
    assertThat(counters.active()).isEqualTo(1);
    open.streamClosed(Status.OK);
    assertThat(counters.active()).isZero();
  }

  @Test
  void leavesOutThePlatformsOwn() {
    for (String service : PlatformServices.NAMES) {
      ServerStreamTracer stream = start(service + "/Check");
      assertThat(counters.active()).isZero();
      stream.streamClosed(Status.INTERNAL);
    }
    assertThat(counters.requests()).isZero();
    assertThat(counters.errors()).isZero();
  }

  @Test
  void aMethodThatDoesNotExistIsNoRequest() {
    ServerStreamTracer stream = counters.newServerStreamTracer("a.B/Nothing", new Metadata());
    assertThat(counters.active()).isEqualTo(1);
    stream.streamClosed(Status.UNIMPLEMENTED);
    assertThat(counters.active()).isZero();
    assertThat(counters.requests()).isZero();
    assertThat(counters.errors()).isZero();
  }

  @Test
  void idleComesWithTheLastCallsEnd() {
    assertThat(counters.whenIdle()).isCompleted();

    ServerStreamTracer first = start("a.B/C");
    ServerStreamTracer second = start("a.B/C");
    CompletableFuture<Void> idle = counters.whenIdle();
    CompletableFuture<Void> alsoIdle = counters.whenIdle();
    first.streamClosed(Status.OK);
    assertThat(idle).isNotDone();
    second.streamClosed(Status.OK);
    assertThat(idle).isCompleted();
    assertThat(alsoIdle).isCompleted();
  }

  private ServerStreamTracer start(String method) {
    ServerStreamTracer stream = counters.newServerStreamTracer(method, new Metadata());
    stream.serverCallStarted((ServerCallInfo<?, ?>) null);
    return stream;
  }
}
