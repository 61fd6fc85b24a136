package blackhole.host;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.Channel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * What a host can call of itself without a service: each kind of health, and reflection. What comes
 * of it is of no interest, only that this JVM has done it once.
 */
final class SelfCalls {
  private static final Logger LOG = System.getLogger(SelfCalls.class.getName());

  private SelfCalls() {}

  /**
   * @param timeout for each
   */
  static void make(Channel channel, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    Answer<HealthCheckResponse> standard = new Answer<>();
    HealthGrpc.newStub(channel).check(HealthCheckRequest.getDefaultInstance(), standard);
    standard.await(timeout);
    Answer<HealthResponse> graded = new Answer<>();
    blackhole.health.v1.HealthGrpc.newStub(channel)
        .check(HealthRequest.getDefaultInstance(), graded);
    graded.await(timeout);
    Answer<ServerReflectionResponse> reflection = new Answer<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(channel).serverReflectionInfo(reflection);
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    questions.onCompleted();
    reflection.await(timeout);
  }

  /** The end of a call, whatever it said before. */
  static final class Answer<T> implements StreamObserver<T> {
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    void await(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
      done.get(timeout.toNanos(), NANOSECONDS);
    }

    @Override
    public void onNext(T value) {
      LOG.log(Level.DEBUG, "answered: {0}", value);
    }

    @Override
    public void onError(Throwable problem) {
      done.completeExceptionally(problem);
    }

    @Override
    public void onCompleted() {
      done.complete(true);
    }
  }
}
