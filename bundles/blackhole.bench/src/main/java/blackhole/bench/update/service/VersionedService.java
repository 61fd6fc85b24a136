package blackhole.bench.update.service;

import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Answers with the version of its bundle, and counts. */
@Component(service = BindableService.class)
public final class VersionedService implements BindableService {
  private final StringValue version;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "count");
            thread.setDaemon(true);
            return thread;
          });

  @Activate
  public VersionedService(BundleContext context) {
    version = StringValue.of(context.getBundle().getVersion().toString());
  }

  @Deactivate
  void deactivate() {
    timer.shutdownNow();
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(VersionedMethods.SERVICE)
        .addMethod(
            VersionedMethods.ASK,
            ServerCalls.asyncUnaryCall(
                (request, answer) -> {
                  answer.onNext(version);
                  answer.onCompleted();
                }))
        .addMethod(VersionedMethods.COUNT, ServerCalls.asyncServerStreamingCall(this::count))
        .build();
  }

  private void count(Int64Value from, StreamObserver<Int64Value> answer) {
    ServerCallStreamObserver<Int64Value> out = (ServerCallStreamObserver<Int64Value>) answer;
    AtomicReference<@Nullable Future<?>> ticks = new AtomicReference<>();
    out.setOnCancelHandler(
        () -> {
          Future<?> begun = ticks.get();
          if (begun != null) {
            begun.cancel(false);
          }
        });
    AtomicLong next = new AtomicLong(from.getValue());
    ticks.set(
        timer.scheduleWithFixedDelay(
            () -> {
              if (out.isReady() && !out.isCancelled()) {
                out.onNext(Int64Value.of(next.getAndIncrement()));
              }
            },
            0,
            VersionedMethods.TICK_MILLIS,
            TimeUnit.MILLISECONDS));
  }
}
