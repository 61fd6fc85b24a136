package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.say;
import static blackhole.endpoint.EndpointFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.service.HealthResult;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {
  @TempDir Path directory;
  private EndpointFixture fixture;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    fixture = EndpointFixture.open(directory.resolve("s"));
    channel = fixture.channel();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void isNotServingUntilSaid() {
    assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
    fixture.endpoint.setServing(true);
    assertThat(check("")).isEqualTo(ServingStatus.SERVING);
    fixture.endpoint.setServing(false);
    assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void knowsTheConfiguredAndTheRegisteredNames() {
    fixture.endpoint.setServing(true);
    fixture.services.add(1, 0, new EchoService(text -> text));

    assertThat(check("echo")).isEqualTo(ServingStatus.SERVING);
    assertThat(check(EchoService.NAME)).isEqualTo(ServingStatus.SERVING);
    assertThat(graded("echo").getStatus()).isEqualTo("healthy");
    assertThat(graded(EchoService.NAME).getStatus()).isEqualTo("healthy");
    assertThat(status(() -> check("nobody")).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(status(() -> graded("nobody")).getCode()).isEqualTo(Status.Code.NOT_FOUND);

    fixture.services.remove(1);
    assertThat(status(() -> check(EchoService.NAME)).getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void anUnhealthyCheckStopsServingAndADegradedOneDoesNot() {
    fixture.endpoint.setServing(true);
    AtomicReference<HealthResult> result = new AtomicReference<>(HealthResult.healthy());
    fixture.checks.add(1, "disk", () -> result::get);
    assertThat(check("")).isEqualTo(ServingStatus.SERVING);

    result.set(HealthResult.unhealthy("the disk is full"));
    assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(graded("").getStatus()).isEqualTo("unhealthy");
    assertThat(graded("").getMessage()).isEqualTo("the disk is full");

    result.set(HealthResult.degraded("the disk is slow"));
    assertThat(check("")).isEqualTo(ServingStatus.SERVING);
    assertThat(graded("").getStatus()).isEqualTo("degraded");
    assertThat(graded("").getMessage()).isEqualTo("the disk is slow");
  }

  @Test
  void aWatchFollowsEveryChangeAndEndsWithTheDrain() throws Exception {
    Watch watch = watch("");
    assertThat(watch.next()).isEqualTo(ServingStatus.NOT_SERVING);
    fixture.endpoint.setServing(true);
    assertThat(watch.next()).isEqualTo(ServingStatus.SERVING);

    AtomicReference<HealthResult> result = new AtomicReference<>(HealthResult.unhealthy("broken"));
    fixture.checks.add(1, "part", () -> result::get);
    // nobody calls Check: the watch itself makes the checks run
    assertThat(watch.next()).isEqualTo(ServingStatus.NOT_SERVING);
    result.set(HealthResult.healthy());
    assertThat(watch.next()).isEqualTo(ServingStatus.SERVING);

    int cancelled = fixture.endpoint.drain(Duration.ofSeconds(20));
    assertThat(watch.next()).isEqualTo(ServingStatus.NOT_SERVING);
    Await.until("the watch ended", () -> !watch.errors.isEmpty());
    assertThat(watch.errors).containsExactly(Status.Code.UNAVAILABLE);
    assertThat(cancelled).isZero();
  }

  @Test
  void aWatchOfAServiceSeesItComeAndGo() throws Exception {
    fixture.endpoint.setServing(true);
    Watch watch = watch(EchoService.NAME);
    assertThat(watch.next()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    fixture.services.add(1, 0, new EchoService(text -> text));
    assertThat(watch.next()).isEqualTo(ServingStatus.SERVING);
    fixture.services.remove(1);
    assertThat(watch.next()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
  }

  @Test
  void theNumbersGrowWithTheServicesOwnCallsOnly() throws Exception {
    fixture.services.add(
        1,
        0,
        new EchoService(
            text -> {
              if (text.equals("fail")) {
                throw Status.INVALID_ARGUMENT.asRuntimeException();
              }
              return text;
            }));
    assertThat(graded("").getMetricsMap())
        .containsEntry("requests_total", 0.0)
        .containsEntry("errors_total", 0.0)
        .containsEntry("active_streams", 0.0);

    String unused = say(channel, "one");
    unused = say(channel, "two");
    assertThat(status(() -> say(channel, "fail")).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    var stream =
        ClientCalls.blockingServerStreamingCall(
            channel, EchoService.follow(), EndpointFixture.options(), "x");
    assertThat(stream.next()).isEqualTo("x");

    Await.until("all are counted", () -> metric("errors_total") == 1);
    assertThat(metric("requests_total")).isEqualTo(4);
    Await.until("one is in flight", () -> metric("active_streams") == 1);
    assertThat(graded("").getMetricsMap())
        .containsOnlyKeys(
            "requests_total",
            "errors_total",
            "rate_limited_total",
            "active_streams",
            "heap_used_bytes",
            "rss_bytes",
            "cpu_cores",
            "open_fds",
            "threads");
    assertThat(graded("").getUptimeSeconds()).isNotNegative();
  }

  private double metric(String name) {
    return graded("").getMetricsOrThrow(name);
  }

  private ServingStatus check(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private HealthResponse graded(String service) {
    return blackhole.health.v1.HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .check(HealthRequest.newBuilder().setService(service).build());
  }

  private Watch watch(String service) {
    Watch watch = new Watch();
    HealthGrpc.newStub(channel)
        .watch(HealthCheckRequest.newBuilder().setService(service).build(), watch);
    return watch;
  }

  private static final class Watch implements StreamObserver<HealthCheckResponse> {
    private final BlockingQueue<ServingStatus> statuses = new LinkedBlockingQueue<>();
    private final List<Status.Code> errors = new CopyOnWriteArrayList<>();

    ServingStatus next() throws InterruptedException {
      return statuses.poll(20, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(HealthCheckResponse response) {
      statuses.add(response.getStatus());
    }

    @Override
    public void onError(Throwable t) {
      errors.add(((StatusRuntimeException) t).getStatus().getCode());
    }

    @Override
    public void onCompleted() {}
  }
}
