package blackhole.orchestrator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.Samples.Depth;
import blackhole.orchestrator.supervision.InstanceDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SampledDriverTest {
  private static final InstanceId ID = new InstanceId("identity", 1);
  private static final ProcessIdentity PROCESS = new ProcessIdentity(7, 1000);

  private final FakeSystem system = new FakeSystem();
  private final UsageSampler sampler = new UsageSampler(system, id -> OptionalLong.empty(), system);
  private final CompletableFuture<RunningProcess> launched = new CompletableFuture<>();
  private final InstanceDriver driver = new SampledDriver(new Driver(), sampler);

  @Test
  void aProcessIsSampledFromItsLaunchToItsEnd() {
    system.run(PROCESS, Duration.ZERO);
    CompletionStage<RunningProcess> launch = driver.launch(ID, 1, false);
    assertThat(sampler.look(Depth.QUICK)).isEmpty();

    RunningProcess process = new Process();
    launched.complete(process);
    assertThat(launch.toCompletableFuture().join()).isSameAs(process);
    assertThat(sampler.look(Depth.QUICK)).hasSize(1);

    assertThat(driver.ended(ID, 1)).isCompletedWithValue(InstanceDriver.Remains.NONE);
    assertThat(sampler.look(Depth.QUICK)).isEmpty();
  }

  @Test
  void whatItLastUsedIsPartOfWhatItLeaves() {
    system.run(PROCESS, Duration.ZERO);
    launched.complete(new Process());
    driver.launch(ID, 1, false);
    for (int i = 0; i < SampledDriver.SAMPLES_SHOWN + 2; i++) {
      sampler.sampleAll();
      system.pass(Duration.ofSeconds(10));
    }
    InstanceDriver.Remains remains = driver.ended(ID, 1).toCompletableFuture().join();
    assertThat(remains.lastSamples())
        .hasSize(SampledDriver.SAMPLES_SHOWN)
        .endsWith(sampler.history(ID).get(SampledDriver.SAMPLES_SHOWN + 1));
  }

  @Test
  void aLaunchThatFailsIsNothingToSample() {
    CompletionStage<RunningProcess> launch = driver.launch(ID, 1, false);
    launched.completeExceptionally(new IOException("no such program"));
    assertThat(launch.toCompletableFuture()).isCompletedExceptionally();
    assertThat(sampler.look(Depth.QUICK)).isEmpty();
  }

  @Test
  void theRestIsPassedOn() {
    assertThat(driver.drain(ID, 3, Duration.ofSeconds(4))).isTrue();
    assertThat(driver.setup(ID).jvmFlags()).containsExactly("identity-1");
  }

  private final class Driver implements InstanceDriver {
    @Override
    public CompletionStage<RunningProcess> launch(
        InstanceId id, long generation, boolean background) {
      return launched;
    }

    @Override
    public boolean drain(InstanceId id, long generation, Duration timeout) {
      return id.equals(ID) && generation == 3 && timeout.toSeconds() == 4;
    }

    @Override
    public CompletionStage<Remains> ended(InstanceId id, long generation) {
      return CompletableFuture.completedFuture(Remains.NONE);
    }

    @Override
    public Setup setup(InstanceId id) {
      return new Setup(Path.of("socket"), Map.of(), List.of(id.toString()));
    }
  }

  private static final class Process implements RunningProcess {
    @Override
    public ProcessIdentity identity() {
      return PROCESS;
    }

    @Override
    public CompletionStage<Integer> onExit() {
      return new CompletableFuture<>();
    }

    @Override
    public void terminate() {}

    @Override
    public void kill() {}
  }
}
