package blackhole.orchestrator.call;

import blackhole.api.rpc.RpcStatus;
import blackhole.probe.v1.Everything;
import blackhole.probe.v1.Greeting;
import blackhole.probe.v1.Number;
import blackhole.probe.v1.ProbeGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Answers so that the tests see what arrived. */
final class ProbeService extends ProbeGrpc.ProbeImplBase {
  static final Metadata.Key<String> TEXT =
      Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> BYTES =
      Metadata.Key.of("x-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  final CountDownLatch hanging = new CountDownLatch(1);
  final CountDownLatch cancelled = new CountDownLatch(1);

  /** Makes the headers known to methods. */
  static final class Headers implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(
          Context.current().withValue(HEADERS, headers), call, headers, next);
    }
  }

  @Override
  public void greet(Greeting request, StreamObserver<Greeting> answers) {
    Greeting.Builder answer = Greeting.newBuilder().setUserName("hello " + request.getUserName());
    Metadata headers = HEADERS.get();
    Iterable<String> texts = headers.getAll(TEXT);
    if (texts != null) {
      answer.putHeaders(TEXT.name(), String.join("|", texts));
    }
    if (headers.containsKey(BYTES)) {
      answer.putHeaders(BYTES.name(), new String(headers.get(BYTES)));
    }
    answers.onNext(answer.build());
    answers.onCompleted();
  }

  @Override
  public StreamObserver<Number> sum(StreamObserver<Number> answers) {
    return new StreamObserver<>() {
      private long sum;

      @Override
      public void onNext(Number number) {
        sum += number.getValue();
      }

      @Override
      public void onError(Throwable failure) {
        cancelled.countDown();
      }

      @Override
      public void onCompleted() {
        answers.onNext(Number.newBuilder().setValue(sum).build());
        answers.onCompleted();
      }
    };
  }

  @Override
  public void count(Number request, StreamObserver<Number> answers) {
    ServerCallStreamObserver<Number> stream = (ServerCallStreamObserver<Number>) answers;
    stream.setOnCancelHandler(cancelled::countDown);
    stream.setOnReadyHandler(
        new Runnable() {
          private long next = 1;
          private boolean completed;

          @Override
          public void run() {
            while (stream.isReady() && next <= request.getValue()) {
              stream.onNext(Number.newBuilder().setValue(next++).build());
            }
            if (next > request.getValue() && !completed) {
              completed = true;
              stream.onCompleted();
            }
          }
        });
  }

  @Override
  public StreamObserver<Greeting> chat(StreamObserver<Greeting> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Greeting greeting) {
        if (greeting.getUserName().equals("stop")) {
          answers.onError(Status.ABORTED.withDescription("stopped").asRuntimeException());
        } else {
          answers.onNext(
              Greeting.newBuilder().setUserName("hello " + greeting.getUserName()).build());
        }
      }

      @Override
      public void onError(Throwable failure) {
        cancelled.countDown();
      }

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  @Override
  public void echo(Everything request, StreamObserver<Everything> answers) {
    answers.onNext(request);
    answers.onCompleted();
  }

  @Override
  public void fail(Greeting request, StreamObserver<Greeting> answers) {
    answers.onError(
        RpcStatus.of(
                Status.Code.RESOURCE_EXHAUSTED,
                "blackhole.probe.v1",
                "TOO_TIRED",
                "no more\u001b[2J today")
            .retryAfter(Duration.ofMillis(1500))
            .asException());
  }

  @Override
  public void hang(Greeting request, StreamObserver<Greeting> answers) {
    ((ServerCallStreamObserver<Greeting>) answers).setOnCancelHandler(cancelled::countDown);
    hanging.countDown();
  }

  @Override
  public void twice(Greeting request, StreamObserver<Greeting> answers) {
    greet(request, answers);
  }
}
