package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.itest.framework.echo.EchoService;
import blackhole.itest.framework.echo.StringMethods;
import com.google.protobuf.StringValue;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * The resolved host, all of plain bundles, with a service's bundle that comes, changes and goes.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HostRunTest {
  private static final MethodDescriptor<StringValue, StringValue> SAY =
      StringMethods.method("Echo", "Say");
  private static final MethodDescriptor<StringValue, StringValue> SETTING =
      StringMethods.method("Echo", "Setting");
  private static final int PATIENCE_SECONDS = 30;

  @Inject private BundleContext context;

  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, Object> custom) throws Exception {
    return start(custom, directory -> List.of(TestBundle.echo(directory, "1.0.0")));
  }

  private RunningHost start(Map<String, Object> custom, RunningHost.Jars bundles) throws Exception {
    return new RunningHost(context, "echo", EchoService.PID, bundles, custom);
  }

  @Test
  public void servesAServiceFromReadyToTheEnd() throws Exception {
    try (RunningHost host = start(Map.of()).awaitReady()) {
      assertThat(host.call(SAY, "you")).isEqualTo("1.0.0: hello you");
      assertThat(check(host, EchoService.NAME)).isEqualTo(ServingStatus.SERVING);
      assertThat(check(host, "echo")).isEqualTo(ServingStatus.SERVING);
      assertThat(check(host, "")).isEqualTo(ServingStatus.SERVING);
      assertThat(reflected(host)).contains(EchoService.NAME);

      host.terminate();

      assertThat(host.awaitExit()).isEqualTo(143);
      assertThat(host.sockets()).isEmpty();
      assertThat(host.bundle(EchoService.PID).getState()).isEqualTo(Bundle.RESOLVED);
    }
  }

  @Test
  public void servesMethodsForAsLongAsTheirBundleRuns() throws Exception {
    try (RunningHost host = start(Map.of()).awaitReady()) {
      Watch watch = new Watch(host, EchoService.NAME);
      assertThat(watch.next()).isEqualTo(ServingStatus.SERVING);
      Bundle bundle = host.bundle(EchoService.PID);

      bundle.stop();
      assertGone(host);
      assertThat(watch.next()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);

      bundle.start();
      assertThat(host.call(SAY, "you")).isEqualTo("1.0.0: hello you");
      assertThat(watch.next()).isEqualTo(ServingStatus.SERVING);

      bundle.uninstall();
      assertGone(host);
      assertThat(watch.next()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    }
  }

  @Test
  public void servesTheNewAnswersOfAnUpdatedBundle() throws Exception {
    try (RunningHost host = start(Map.of("greeting", "hi")).awaitReady()) {
      assertThat(host.call(SAY, "you")).isEqualTo("1.0.0: hi you");
      try (InputStream newer = Files.newInputStream(TestBundle.echo(host.directory(), "2.0.0"))) {
        host.bundle(EchoService.PID).update(newer);
      }
      assertThat(host.call(SAY, "you")).isEqualTo("2.0.0: hi you");
      assertThat(reflected(host)).containsOnlyOnce(EchoService.NAME);
    }
  }

  @Test
  public void givesSettingsToTheComponentByTypeAndByName() throws Exception {
    Map<String, Object> custom =
        Map.of("pool_size", 5L, "cacheSize", 64L << 20, "peers", List.of("a", "b"));
    try (RunningHost host = start(custom).awaitReady()) {
      assertThat(host.call(SETTING, "typed poolSize")).isEqualTo("5");
      assertThat(host.call(SETTING, "typed cacheSize")).isEqualTo("67108864");
      assertThat(host.call(SETTING, "typed peers")).isEqualTo("a b");
      assertThat(host.call(SETTING, "pool_size")).isEqualTo("5");
      assertThat(host.call(SAY, "you")).isEqualTo("1.0.0: hello you");
    }
  }

  @Test
  public void doesNotStartABundleThatDoesNotResolve() throws Exception {
    Map<String, String> headers = Map.of("Import-Package", "no.such.package, *");
    try (Complaints complaints = new Complaints();
        RunningHost host =
            start(Map.of(), directory -> List.of(TestBundle.make(directory, "1.0.0", headers)))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next()).contains("the start failed", "no.such.package");
      assertThat(host.sockets()).isEmpty();
    }
  }

  @Test
  public void doesNotStartAServiceThatCannotBeServed() throws Exception {
    try (Complaints complaints = new Complaints();
        RunningHost host = start(Map.of("unservable", true))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next())
          .contains("the start failed", "EchoService", "unservable, as it was told");
      assertThat(host.sockets()).isEmpty();
    }
  }

  @Test
  public void showsABundleOnlyWhatItImports() throws Exception {
    try (RunningHost host = start(Map.of()).awaitReady()) {
      Loading.assertIsolated((method, name) -> host.call(method, name));
    }
  }

  private static void assertGone(RunningHost host) {
    assertThatThrownBy(() -> host.call(SAY, "you"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    assertThatThrownBy(() -> check(host, EchoService.NAME))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    assertThat(reflected(host)).doesNotContain(EchoService.NAME).isNotEmpty();
  }

  private static ServingStatus check(RunningHost host, String service) {
    return HealthGrpc.newBlockingStub(host.channel())
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static List<String> reflected(RunningHost host) {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(host.channel())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .serverReflectionInfo(new Answers<>(answer::complete, answer::completeExceptionally));
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    questions.onCompleted();
    return answer.join().getListServicesResponse().getServiceList().stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  /** What health tells of a service, one change after the other. */
  private static final class Watch {
    private final BlockingQueue<ServingStatus> statuses = new LinkedBlockingQueue<>();

    Watch(RunningHost host, String service) {
      HealthGrpc.newStub(host.channel())
          .watch(
              HealthCheckRequest.newBuilder().setService(service).build(),
              new Answers<HealthCheckResponse>(
                  response -> statuses.add(response.getStatus()),
                  problem -> statuses.add(ServingStatus.UNRECOGNIZED)));
    }

    ServingStatus next() throws InterruptedException {
      return statuses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private record Answers<T>(Consumer<T> values, Consumer<Throwable> problem)
      implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      values.accept(value);
    }

    @Override
    public void onError(Throwable t) {
      problem.accept(t);
    }

    @Override
    public void onCompleted() {}
  }
}
