package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.control.v1.UpdateResult;
import blackhole.itest.framework.echo.EchoService;
import blackhole.itest.framework.echo.StringMethods;
import blackhole.testkit.Await;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
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

/** A DS component that is updated as an orchestrator orders it, in the resolved host. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class UpdateRunTest {
  private static final MethodDescriptor<StringValue, StringValue> SAY =
      StringMethods.method("Echo", "Say");
  private static final MethodDescriptor<StringValue, StringValue> LINGER =
      StringMethods.method("Echo", "Linger");
  private static final Map<String, String> ONE_WRITER = Map.of("Blackhole-Data", "single");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longer than a call takes that nobody holds; on a slow machine, the test sees less. */
  private static final long HELD_MILLIS = 300;

  @Inject private BundleContext context;

  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, String> headers) throws Exception {
    return new RunningHost(
            context,
            "echo",
            EchoService.PID,
            directory -> List.of(TestBundle.make(directory, "1.0.0", headers)),
            Map.of("greeting", "hi"),
            true)
        .awaitReady();
  }

  @Test
  public void theNewVersionAnswersWhileTheOldOneFinishesACall() throws Exception {
    try (HostOrders orders = new HostOrders(context);
        RunningHost host = start(Map.of())) {
      CompletableFuture<String> lingering = linger(host);
      CompletableFuture<UpdateResult> update =
          orders.update(TestBundle.echo(host.directory(), "2.0.0"));

      Await.until(
          "the new version answers", PATIENCE, () -> host.call(SAY, "you").equals("2.0.0: hi you"));
      assertThat(lingering).isNotDone();
      assertThat(update).isNotDone();

      letEnd(host);
      assertThat(lingering.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("1.0.0 lingered");
      assertUpdated(update);
      assertThat(orders.steps()).anyMatch(step -> step.contains("starts 2.0.0 beside 1.0.0"));
      assertOnly("2.0.0");
    }
  }

  @Test
  public void callsWaitWhereOneVersionHasToStopBeforeTheOtherStarts() throws Exception {
    try (HostOrders orders = new HostOrders(context);
        RunningHost host = start(ONE_WRITER)) {
      CompletableFuture<String> lingering = linger(host);
      CompletableFuture<UpdateResult> update =
          orders.update(TestBundle.make(host.directory(), "2.0.0", ONE_WRITER));

      CompletableFuture<String> held = callUntilOneWaits(host);
      assertThat(lingering).isNotDone();

      letEnd(host);
      assertThat(lingering.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("1.0.0 lingered");
      assertThat(held.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).endsWith(": hi you");
      assertThat(assertUpdated(update).getHeldMicros()).isPositive();
      assertThat(host.call(SAY, "you")).isEqualTo("2.0.0: hi you");
      assertThat(orders.steps()).anyMatch(step -> step.startsWith("holds calls"));
      assertOnly("2.0.0");
    }
  }

  @Test
  public void aCallThatOutlastsTheDrainIsEnded() throws Exception {
    try (HostOrders orders = new HostOrders(context);
        RunningHost host = start(Map.of())) {
      CompletableFuture<String> lingering = linger(host);
      UpdateResult result =
          orders
              .update(TestBundle.echo(host.directory(), "2.0.0"), Duration.ofMillis(100))
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(result.getProblem()).isEmpty();
      assertThat(result.getEndedCalls()).isEqualTo(1);
      assertThat(lingering)
          .failsWithin(PATIENCE)
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("UNAVAILABLE");
      assertThat(host.call(SAY, "you")).isEqualTo("2.0.0: hi you");
      letEnd(host);
    }
  }

  @Test
  public void theOldVersionServesOnWhereTheNewOneCannotStart() throws Exception {
    try (HostOrders orders = new HostOrders(context);
        RunningHost host = start(ONE_WRITER)) {
      Map<String, String> broken =
          Map.of("Blackhole-Data", "single", "Import-Package", "no.such.package, *");
      UpdateResult result =
          orders
              .update(TestBundle.make(host.directory(), "2.0.0", broken))
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(result.getProblem()).contains("no.such.package");
      assertThat(result.getServing()).isTrue();
      assertThat(host.call(SAY, "you")).isEqualTo("1.0.0: hi you");
      assertOnly("1.0.0");
    }
  }

  /** A call that the old version has begun, and that ends when it is let. */
  private static CompletableFuture<String> linger(RunningHost host) {
    CompletableFuture<String> lingering = call(host, LINGER, host.directory().toString());
    Await.until(
        "the call has begun",
        PATIENCE,
        () -> Files.exists(host.directory().resolve(EchoService.BEGUN)));
    return lingering;
  }

  private static void letEnd(RunningHost host) throws Exception {
    Path unused = Files.createFile(host.directory().resolve(EchoService.MAY_END));
  }

  private static CompletableFuture<String> callUntilOneWaits(RunningHost host) throws Exception {
    while (true) {
      CompletableFuture<String> call = call(host, SAY, "you");
      try {
        assertThat(call.get(HELD_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("1.0.0: hi you");
      } catch (TimeoutException e) {
        return call;
      }
    }
  }

  private static CompletableFuture<String> call(
      RunningHost host, MethodDescriptor<StringValue, StringValue> method, String text) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        host.channel()
            .newCall(
                method,
                CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)),
        StringValue.of(text),
        new StreamObserver<>() {
          @Override
          public void onNext(StringValue value) {
            answer.complete(value.getValue());
          }

          @Override
          public void onError(Throwable t) {
            answer.completeExceptionally(t);
          }

          @Override
          public void onCompleted() {}
        });
    return answer;
  }

  private static UpdateResult assertUpdated(CompletableFuture<UpdateResult> update)
      throws Exception {
    UpdateResult result = update.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(result.getProblem()).isEmpty();
    assertThat(result.getServing()).isTrue();
    assertThat(result.getEndedCalls()).isZero();
    return result;
  }

  /** One version is installed, and it runs. */
  private void assertOnly(String version) {
    assertThat(
            Stream.of(context.getBundles())
                .filter(bundle -> EchoService.PID.equals(bundle.getSymbolicName()))
                .map(bundle -> bundle.getVersion() + " " + (bundle.getState() == Bundle.ACTIVE)))
        .containsExactly(version + " true");
  }
}
