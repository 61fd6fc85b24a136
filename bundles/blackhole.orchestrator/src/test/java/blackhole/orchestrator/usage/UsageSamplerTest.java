package blackhole.orchestrator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.MachineMemory;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples.Depth;
import blackhole.control.v1.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsageSamplerTest {
  private static final InstanceId IDENTITY = new InstanceId("identity", 1);
  private static final ProcessIdentity PROCESS = new ProcessIdentity(7, 1000);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final JvmUsage JVM =
      new JvmUsage(1, 2, OptionalLong.of(3), 4, 5, 6, Duration.ofMillis(7), 8, OptionalInt.empty());

  private final FakeSystem system = new FakeSystem();
  private final UsageSampler sampler = new UsageSampler(system, id -> OptionalLong.of(256), system);

  @BeforeEach
  void begin() {
    sampler.began(IDENTITY, 1, PROCESS);
    system.run(PROCESS, Duration.ofSeconds(3));
  }

  /** An interval in which the process used this much CPU time. */
  private void pass(Duration time, Duration used) {
    system.pass(time);
    system.run(PROCESS, system.processes.get(PROCESS).cpuTime().plus(used));
  }

  private ProcessUsage newest() {
    return sampler.newest(IDENTITY).orElseThrow();
  }

  private ProcessUsage look(Depth depth) {
    List<ProcessUsage> looked = sampler.look(depth);
    assertThat(looked).hasSize(1);
    return looked.get(0);
  }

  @Test
  void joinsWhatIsKnown() {
    sampler.reported(IDENTITY, 1, JVM);
    sampler.sampleAll();

    ProcessUsage usage = newest();
    assertThat(usage.id()).isEqualTo(IDENTITY);
    assertThat(usage.pid()).isEqualTo(7);
    assertThat(usage.sampledAt()).isEqualTo(Instant.parse("2026-03-04T05:06:07Z"));
    assertThat(usage.rssBytes()).isEqualTo(1000);
    assertThat(usage.pssBytes()).hasValue(1);
    assertThat(usage.memoryLimitBytes()).hasValue(256);
    assertThat(usage.openFds()).isEqualTo(10);
    assertThat(usage.threads()).isEqualTo(20);
    assertThat(usage.jvm()).contains(JVM);
  }

  @Test
  void coresAreAveragesBetweenSamples() {
    sampler.sampleAll();
    assertThat(newest().cpuCores()).as("the first").isEmpty();
    pass(INTERVAL, Duration.ofSeconds(5));
    sampler.sampleAll();
    assertThat(newest().cpuCores()).hasValue(0.5);
    pass(INTERVAL, Duration.ofSeconds(20));
    sampler.sampleAll();
    assertThat(newest().cpuCores()).hasValue(2);
  }

  @Test
  void whoLooksBetweenSamplesSeesNowAndDisturbsNoAverage() {
    sampler.sampleAll();
    pass(Duration.ofSeconds(8), Duration.ZERO);
    assertThat(look(Depth.QUICK).cpuCores()).as("since the sample").hasValue(0);
    pass(Duration.ofSeconds(2), Duration.ofSeconds(2));
    assertThat(look(Depth.QUICK).cpuCores()).as("since the look").hasValue(1);
    sampler.sampleAll();
    assertThat(newest().cpuCores()).as("since the sample").hasValue(0.2);
    assertThat(sampler.history(IDENTITY)).hasSize(2);
  }

  @Test
  void looksThatFollowCloselyShareAnAnswer() {
    look(Depth.QUICK);
    pass(Duration.ofSeconds(1), Duration.ofMillis(250));
    assertThat(look(Depth.QUICK).cpuCores()).hasValue(0.25);
    pass(Duration.ofMillis(499), Duration.ofMillis(10));
    assertThat(look(Depth.QUICK).cpuCores()).hasValue(0.25);
    pass(Duration.ofMillis(1), Duration.ofMillis(490));
    assertThat(look(Depth.QUICK).cpuCores()).hasValue(1);
  }

  @Test
  void pssIsMeasuredSeldomAndOnDemand() {
    for (int i = 0; i < SampledProcess.PSS_EVERY; i++) {
      sampler.sampleAll();
      assertThat(newest().pssBytes()).as("sample %d", i).hasValue(1);
    }
    sampler.sampleAll();
    assertThat(newest().pssBytes()).hasValue(2);
    assertThat(look(Depth.QUICK).pssBytes()).hasValue(2);
    assertThat(look(Depth.FULL).pssBytes()).hasValue(3);
    sampler.sampleAll();
    assertThat(newest().pssBytes()).hasValue(3);
    assertThat(system.pssLooks).isEqualTo(3);
  }

  @Test
  void historyIsBounded() {
    for (int i = 0; i <= SampledProcess.HISTORY; i++) {
      sampler.sampleAll();
      system.pass(INTERVAL);
    }
    List<ProcessUsage> history = sampler.history(IDENTITY);
    assertThat(history).hasSize(SampledProcess.HISTORY);
    assertThat(history.get(0).sampledAt())
        .as("the oldest but one")
        .isEqualTo(Instant.parse("2026-03-04T05:06:17Z"));
    assertThat(history.get(history.size() - 1)).isEqualTo(newest());
  }

  @Test
  void aProcessThatIsGoneIsLeftOut() {
    sampler.sampleAll();
    system.processes.clear();
    sampler.sampleAll();
    assertThat(sampler.look(Depth.FULL)).isEmpty();
    assertThat(sampler.history(IDENTITY)).hasSize(1);
  }

  @Test
  void aStrangerOfTheSameNumberIsNotMeasured() {
    system.processes.clear();
    system.run(new ProcessIdentity(PROCESS.pid(), PROCESS.startTicks() + 1), Duration.ZERO);
    sampler.sampleAll();
    assertThat(sampler.look(Depth.QUICK)).isEmpty();
    assertThat(sampler.newest(IDENTITY)).isEmpty();
  }

  @Test
  void theHistoryOfAnEndedProcessStaysUntilTheNextBegins() {
    sampler.sampleAll();
    sampler.ended(IDENTITY, 1);
    sampler.sampleAll();
    assertThat(sampler.look(Depth.FULL)).isEmpty();
    assertThat(sampler.newest(IDENTITY)).isEmpty();
    assertThat(sampler.history(IDENTITY)).hasSize(1);

    sampler.began(IDENTITY, 2, PROCESS);
    assertThat(sampler.history(IDENTITY)).isEmpty();
    sampler.ended(IDENTITY, 1);
    sampler.reported(IDENTITY, 1, JVM);
    assertThat(look(Depth.QUICK).jvm()).as("said by the one before").isEmpty();
  }

  @Test
  void looksComeInTheOrderOfInstances() {
    for (InstanceId id :
        List.of(
            new InstanceId("storage", 1),
            new InstanceId("events", 10),
            new InstanceId("events", 2))) {
      sampler.began(id, 1, PROCESS);
    }
    assertThat(sampler.look(Depth.QUICK).stream().map(usage -> usage.id().toString()))
        .containsExactly("events-2", "events-10", "identity-1", "storage-1");
  }

  @Test
  void oneThatCannotBeSampledDoesNotKeepTheOthers() {
    UsageSampler some =
        new UsageSampler(
            new ProcessSampler() {
              @Override
              public Optional<ProcessSample> sample(ProcessIdentity process) {
                if (process.pid() == 1) {
                  throw new IllegalStateException("on purpose");
                }
                return system.sample(process);
              }

              @Override
              public OptionalLong pssBytes(ProcessIdentity process) {
                return OptionalLong.empty();
              }

              @Override
              public Optional<MachineMemory> machineMemory() {
                return Optional.empty();
              }
            },
            id -> OptionalLong.empty(),
            system);
    some.began(new InstanceId("broken", 1), 1, new ProcessIdentity(1, 1));
    some.began(IDENTITY, 1, PROCESS);
    some.sampleAll();
    some.sampleAll();
    assertThat(some.history(IDENTITY)).hasSize(2);
  }

  @Test
  void whatAHostLeavesOutIsNotKnown() {
    Sample sample =
        Sample.newBuilder()
            .setHeapUsedBytes(1)
            .setHeapMaxBytes(2)
            .setHeapAfterGcBytes(3)
            .setMetaspaceBytes(4)
            .setDirectBytes(5)
            .setGcCount(6)
            .setGcTimeMillis(7)
            .setThreads(8)
            .build();
    assertThat(JvmReports.of(sample)).isEqualTo(JVM);
    JvmUsage other =
        JvmReports.of(sample.toBuilder().clearHeapAfterGcBytes().setVirtualThreads(0).build());
    assertThat(other.heapAfterGcBytes()).isEmpty();
    assertThat(other.virtualThreads()).hasValue(0);
  }
}
