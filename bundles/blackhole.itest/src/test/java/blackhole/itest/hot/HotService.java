package blackhole.itest.hot;

import blackhole.itest.hot.v1.AskRequest;
import blackhole.itest.hot.v1.AskResponse;
import blackhole.itest.hot.v1.FollowRequest;
import blackhole.itest.hot.v1.FollowResponse;
import blackhole.itest.hot.v1.HotGrpc;
import io.grpc.BindableService;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Answers with the version of its bundle. */
@Component(service = BindableService.class)
public final class HotService extends HotGrpc.HotImplBase {
  private static final long BEAT_MILLIS = 5;

  private final String version = Nature.version();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "hot");
            thread.setDaemon(true);
            return thread;
          });

  @Activate
  public HotService() {
    if (Nature.is("activation")) {
      throw new IllegalStateException("this version does not like it here");
    }
    if (Nature.is("output")) {
      PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
      System.setOut(nowhere);
      System.setErr(nowhere);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {}, "hot"));
    }
  }

  @Deactivate
  void deactivate() {
    timer.shutdownNow();
  }

  @Override
  public void ask(AskRequest request, StreamObserver<AskResponse> answer) {
    answer.onNext(
        AskResponse.newBuilder().setNumber(request.getNumber()).setVersion(version).build());
    answer.onCompleted();
  }

  @Override
  public void follow(FollowRequest request, StreamObserver<FollowResponse> answer) {
    ServerCallStreamObserver<FollowResponse> out =
        (ServerCallStreamObserver<FollowResponse>) answer;
    AtomicLong next = new AtomicLong(request.getFrom());
    AtomicReference<Future<?>> beats = new AtomicReference<>();
    out.setOnCancelHandler(
        () -> {
          Future<?> begun = beats.get();
          if (begun != null) {
            begun.cancel(false);
          }
        });
    beats.set(
        timer.scheduleWithFixedDelay(
            () -> {
              if (out.isReady() && !out.isCancelled()) {
                out.onNext(
                    FollowResponse.newBuilder()
                        .setNumber(next.getAndIncrement())
                        .setVersion(version)
                        .build());
              }
            },
            0,
            BEAT_MILLIS,
            TimeUnit.MILLISECONDS));
  }
}
