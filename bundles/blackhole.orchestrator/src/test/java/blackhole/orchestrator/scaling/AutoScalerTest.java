package blackhole.orchestrator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.ConfigParser;
import blackhole.orchestrator.config.parser.SecretResolver;
import blackhole.orchestrator.supervision.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How verdicts become steps and words. */
class AutoScalerTest {
  @TempDir Path home;

  private final List<String> said = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private Optional<String> refusal = Optional.empty();
  private InstanceHealth health = InstanceHealth.HEALTHY;
  private double cores = 0.1;
  private long rounds;

  private final Fleet fleet =
      new Fleet() {
        @Override
        public List<InstanceStatus> instances() {
          return List.of(status("storage"), status("identity"));
        }

        @Override
        public CompletionStage<Optional<String>> step(String service, int from, int to, String w) {
          steps.add(service + " " + from + " -> " + to + ": " + w);
          return CompletableFuture.completedFuture(refusal);
        }

        @Override
        public void note(String service, String words, boolean warning) {
          said.add((warning ? "warning: " : "") + service + " " + words);
        }
      };

  private InstanceStatus status(String service) {
    return new InstanceStatus(
        new InstanceId(service, 1),
        InstanceState.READY,
        health,
        "",
        OptionalLong.of(100),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        home.resolve("a.sock"),
        OptionalInt.empty(),
        Optional.empty());
  }

  private boolean sampled = true;

  private final Samples samples =
      new Samples() {
        @Override
        public List<ProcessUsage> look(Depth depth) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ProcessUsage> newest(InstanceId id) {
          Instant at = Instant.EPOCH.plusSeconds(sampled ? rounds : 0);
          return Optional.of(usage(id, at, OptionalDouble.of(cores), OptionalLong.of(10 << 20)));
        }

        @Override
        public List<ProcessUsage> history(InstanceId id) {
          throw new UnsupportedOperationException();
        }
      };

  private static ProcessUsage usage(
      InstanceId id, Instant at, OptionalDouble cores, OptionalLong afterGc) {
    return new ProcessUsage(
        id,
        100,
        at,
        80 << 20,
        OptionalLong.empty(),
        OptionalLong.empty(),
        cores,
        40,
        30,
        Optional.empty(),
        Duration.ZERO,
        Optional.of(
            new JvmUsage(
                50 << 20, 100 << 20, afterGc, 1, 2, 3, Duration.ZERO, 25, OptionalInt.empty())));
  }

  @Test
  void aLimitThatChangedIsMeasuredByFromTheNextRoundOn() throws Exception {
    NodeConfig half = config(0.5);
    NodeConfig two = config(2);
    AutoScaler scaler = scaler(() -> rounds < 20 ? two : half);
    cores = 0.48;

    rounds(scaler, 19);
    assertThat(steps).isEmpty();

    rounds(scaler, 10);
    assertThat(steps).isNotEmpty();
    assertThat(steps.get(0)).startsWith("storage 1 -> 2").contains("max_cpu (0.5)");
  }

  private AutoScaler scaler() throws IOException {
    NodeConfig config = config(0.5);
    return scaler(() -> config);
  }

  private AutoScaler scaler(Supplier<NodeConfig> config) {
    return new AutoScaler(config, fleet, samples, () -> rounds * 10_000_000_000L, 4);
  }

  private NodeConfig config(double maxCpu) throws IOException {
    Path file = home.resolve("blackhole.yaml");
    Files.writeString(
        file,
        """
        supervisor: { sample_interval: 10s }
        services:
          storage:
            resource_limits: { max_cpu: %s }
            scaling: { max_instances: 2 }
          identity: {}
        """
            .formatted(maxCpu));
    return new ConfigParser(List::of, SecretResolver.SYSTEM, Optional.of("node-a"))
        .parse(file)
        .config()
        .orElseThrow();
  }

  private void rounds(AutoScaler scaler, int count) {
    for (int i = 0; i < count; i++) {
      rounds++;
      scaler.round();
    }
  }

  @Test
  void aStepIsTakenWithItsReason() throws Exception {
    AutoScaler scaler = scaler();
    cores = 0.45;
    rounds(scaler, 6);
    assertThat(steps)
        .containsExactly(
            "storage 1 -> 2: CPU 90 % of max_cpu (0.5) (threshold 80 %) and heap 10 % of -Xmx"
                + " (threshold 80 %), over a threshold 3 samples in a row");
    assertThat(said).isEmpty();
  }

  @Test
  void aStepThatDoesNotFitIsSaidOnce() throws Exception {
    AutoScaler scaler = scaler();
    cores = 0.45;
    refusal = Optional.of("256MB more is too much");
    rounds(scaler, 20);
    assertThat(steps).hasSizeGreaterThan(10);
    assertThat(said)
        .filteredOn(words -> words.startsWith("warning"))
        .singleElement()
        .asString()
        .startsWith("warning: storage not scaled to 2: 256MB more is too much; CPU 90 %");
  }

  @Test
  void whatHoldsIsSaidWhenItBegins() throws Exception {
    AutoScaler scaler = scaler();
    rounds(scaler, 10);
    said.clear();
    health = InstanceHealth.UNREACHABLE;
    rounds(scaler, 10);
    assertThat(said)
        .containsExactly("storage stays at 1 instance: what storage-1 uses is not known");
  }

  @Test
  void whatComesAndGoesIsNotSaidEachTime() throws Exception {
    AutoScaler scaler = scaler();
    rounds(scaler, 10);
    for (int i = 0; i < 20; i++) {
      health = InstanceHealth.UNREACHABLE;
      rounds(scaler, 1);
      health = InstanceHealth.HEALTHY;
      rounds(scaler, 2);
    }
    assertThat(said).hasSize(1);
    rounds(scaler, 100);
    health = InstanceHealth.UNREACHABLE;
    rounds(scaler, 1);
    assertThat(said).as("it is news again").hasSize(2);
  }

  @Test
  void aSampleCountsOnce() throws Exception {
    AutoScaler scaler = scaler();
    cores = 0.45;
    sampled = false;
    rounds(scaler, 20);
    assertThat(steps).isEmpty();
  }

  @Test
  void whatIsNeededOfTheHeapIsNeverMoreThanWhatIsUsed() {
    InstanceId id = new InstanceId("storage", 1);
    OptionalDouble one = OptionalDouble.of(1);
    assertThat(LoadReader.load(usage(id, Instant.EPOCH, one, OptionalLong.of(20 << 20)), 2))
        .contains(new Load(0.5, 0.2));
    assertThat(LoadReader.load(usage(id, Instant.EPOCH, one, OptionalLong.of(90 << 20)), 2))
        .as("an old collection")
        .contains(new Load(0.5, 0.5));
    assertThat(LoadReader.load(usage(id, Instant.EPOCH, one, OptionalLong.empty()), 2))
        .contains(new Load(0.5, 0, 0.5));
    assertThat(
            LoadReader.load(
                usage(id, Instant.EPOCH, OptionalDouble.empty(), OptionalLong.of(1)), 2))
        .isEmpty();
  }
}
