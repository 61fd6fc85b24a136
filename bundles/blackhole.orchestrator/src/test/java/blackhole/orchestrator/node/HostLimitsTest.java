package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.Configs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HostLimitsTest {
  private static final InstanceId ID = new InstanceId("identity", 1);
  private static final String YAML =
      """
      services:
        identity: { resource_limits: { max_memory: 256MB, max_cpu: 0.5, io_priority: -5 } }
      supervisor:
        resource_policies:
          critical_services: { members: [identity], max_memory_buffer: 12.5%, cpu_priority_boost: 10 }
      """;

  private final TestLimiter kernel = new TestLimiter();
  private NodeConfig config = Configs.valid(YAML);
  private final HostLimits limits = new HostLimits(kernel, "h0me", () -> config);
  private final SpareLimits spares = new SpareLimits(kernel, "h0me", () -> config, limits);

  private void create() {
    limits.create(ID, "identity-1-a-1", service().limits(), false);
  }

  private ServiceConfig service() {
    return config.services().get("identity");
  }

  /** Another limit takes the place of one in the file, which is read again. */
  private void change(String before, String after) {
    config = Configs.valid(YAML.replace(before, after));
    limits.reapply();
  }

  private InstanceLimit shown(String key) {
    return limits.of(List.of(ID)).stream()
        .filter(limit -> limit.limit().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatHasNoProcessHoldsNothing() {
    assertThat(limits.of(List.of(ID)))
        .containsExactly(
            not("max_memory", "256MB", "it has no process"),
            not("max_memory_buffer", "12.5%", "it has no process"),
            not("max_cpu", "0.5", "it has no process"),
            not("cpu_priority_boost", "10", "it has no process"),
            not("io_priority", "-5", "it has no process"));
  }

  @Test
  void theCpuQuotaAppliesFromReadyOn() {
    create();
    assertThat(kernel.applied).hasSize(1);
    assertThat(kernel.applied.get(0).cpuCores()).isEmpty();
    assertThat(kernel.applied.get(0).cpuWeight()).isEqualTo(200);
    assertThat(kernel.applied.get(0).softMemoryBytes()).hasValue(224 << 20);
    assertThat(kernel.applied.get(0).ioLevel()).hasValue(3);
    assertThat(limits.of(List.of(ID)))
        .contains(
            new InstanceLimit(ID, "max_memory", "256MB", Optional.of("by test"), Optional.empty()),
            not("max_cpu", "0.5", "applies from READY on, so that it does not slow the start"));

    limits.ready("identity-1-a-1");
    assertThat(kernel.applied.get(1).cpuCores()).isEqualTo(OptionalDouble.of(0.5));
    assertThat(limits.of(List.of(ID)))
        .contains(
            new InstanceLimit(ID, "max_cpu", "0.5", Optional.of("by test"), Optional.empty()),
            not("io_priority", "-5", "no ionice"));
  }

  @Test
  void aSpareComesAfterAllOthersUntilItIsWarm() {
    spares.create(service(), "spare-1");
    assertThat(kernel.newest().cpuWeight()).isEqualTo(10);
    assertThat(kernel.newest().ioLevel()).hasValue(7);
    assertThat(kernel.newest().memoryBytes()).hasValue(256 << 20);

    spares.warmed("spare-1");
    assertThat(kernel.newest().cpuWeight()).isEqualTo(200);
    assertThat(kernel.newest().ioLevel()).hasValue(3);
    assertThat(kernel.newest().cpuCores()).isEmpty();
  }

  @Test
  void aPriorityThatCannotBeTakenBackIsNotTouched() {
    kernel.weightBy = "nice 0 (no cpu controller)";
    spares.create(service(), "spare-1");
    assertThat(kernel.newest().cpuWeight()).isEqualTo(200);
  }

  @Test
  void aTakenSpareIsHeldToItsInstancesLimits() {
    spares.create(service(), "spare-1");
    spares.warmed("spare-1");

    assertThat(spares.adopt(ID, service(), "spare-1")).isEmpty();
    assertThat(limits.of(List.of(ID)))
        .contains(
            new InstanceLimit(ID, "max_memory", "256MB", Optional.of("by test"), Optional.empty()));
    assertThat(kernel.newest().cpuCores()).isEmpty();
    limits.ready("spare-1");
    assertThat(kernel.newest().cpuCores()).hasValue(0.5);
    assertThat(limits.ended("spare-1")).contains("cgroup limit 256 MB");
  }

  @Test
  void aLimitThatCannotFollowMakesASpareUseless() {
    spares.create(service(), "spare-1");
    kernel.memoryIsBusy = true;
    assertThat(spares.adopt(ID, service(), "spare-1"))
        .contains("max_memory cannot follow: it uses more than that");
    assertThat(limits.ended("spare-1")).as("it is no instance's").isEmpty();
    spares.ended("spare-1");
    assertThat(spares.adopt(ID, service(), "spare-1")).contains("the spare has ended");
  }

  @Test
  void aSpareIsHeldToWhatItsJvmWasMadeFor() {
    spares.create(service(), "spare-1");
    change("max_memory: 256MB", "max_memory: 192MB");
    spares.warmed("spare-1");
    // its profile is another one now, but a change may come between the choice and this
    assertThat(spares.adopt(ID, service(), "spare-1")).isEmpty();
    assertThat(kernel.newest().memoryBytes()).hasValue(256 << 20);
    assertThat(shown("max_memory").reason())
        .contains("its heap was made for 256MB, which stays until 'restart identity-1'");
  }

  @Test
  void theKernelsKillIsKnownOnceItHasEnded() {
    create();
    assertThat(limits.ended("identity-1-a-1")).contains("cgroup limit 256 MB");
    assertThat(limits.ended("identity-1-a-1")).isEmpty();
    limits.ready("identity-1-a-1");
    assertThat(kernel.applied).as("nothing is left to limit").hasSize(1);
  }

  @Test
  void aChangedLimitIsAppliedToWhatRuns() {
    create();
    limits.ready("identity-1-a-1");
    change("max_cpu: 0.5", "max_cpu: 0.25");
    assertThat(kernel.newest().cpuCores()).hasValue(0.25);
    change("cpu_priority_boost: 10", "cpu_priority_boost: 5");
    assertThat(kernel.newest().cpuWeight()).isEqualTo(150);
    change("max_cpu: 0.5, ", "");
    assertThat(kernel.newest().cpuCores()).isEmpty();
  }

  @Test
  void aQuotaThatChangesDuringTheStartWaitsForItsEnd() {
    create();
    change("max_cpu: 0.5", "max_cpu: 0.25");
    assertThat(kernel.newest().cpuCores()).isEmpty();
    limits.ready("identity-1-a-1");
    assertThat(kernel.newest().cpuCores()).hasValue(0.25);
  }

  @Test
  void moreMemoryIsHadAtOnceButForTheHeap() {
    create();
    change("max_memory: 256MB", "max_memory: 512MB");
    assertThat(kernel.newest().memoryBytes()).hasValue(512 << 20);
    assertThat(kernel.newest().softMemoryBytes()).hasValue(448 << 20);
    assertThat(limits.memoryBytes(ID)).hasValue(512 << 20);
    assertThat(shown("max_memory").how())
        .contains("by test; its heap is still that of 256MB, until 'restart identity-1'");
    // a process that starts now is made for it
    limits.ended("identity-1-a-1");
    create();
    assertThat(shown("max_memory").how()).contains("by test");
  }

  @Test
  void lessMemoryThanTheHeapWasMadeForWaitsForARestart() {
    create();
    change("max_memory: 256MB", "max_memory: 192MB");
    assertThat(kernel.newest().memoryBytes()).hasValue(256 << 20);
    assertThat(limits.memoryBytes(ID)).hasValue(256 << 20);
    assertThat(shown("max_memory"))
        .isEqualTo(
            not(
                "max_memory",
                "192MB",
                "its heap was made for 256MB, which stays until 'restart identity-1'"));
  }

  @Test
  void whoIsLessImportantGivesWayAndGetsItBack() {
    create();
    InstanceId ledger = new InstanceId("ledger", 1);
    limits.lower(Map.of(ID, ledger));
    assertThat(kernel.newest().cpuWeight()).isEqualTo(50);
    assertThat(shown("cpu_priority_boost").how())
        .contains("by test; lowered to a quarter while ledger-1 is short of CPU time");
    int before = kernel.applied.size();
    limits.lower(Map.of(ID, ledger));
    assertThat(kernel.applied).as("nothing is new").hasSize(before);
    // one that starts meanwhile gives way from the beginning
    create();
    assertThat(kernel.newest().cpuWeight()).isEqualTo(50);
    limits.lower(Map.of());
    assertThat(kernel.newest().cpuWeight()).isEqualTo(200);
    assertThat(shown("cpu_priority_boost").how()).contains("by test");
  }

  @Test
  void whoStartsWhileOthersOfItsServiceServeComesAfterThemUntilItIsReady() {
    create();
    startSecond();
    assertThat(kernel.newest().cpuWeight()).as("nobody serves yet").isEqualTo(200);
    limits.ended("identity-2-a-1");
    limits.ready("identity-1-a-1");

    startSecond();
    assertThat(kernel.newest().cpuWeight()).isEqualTo(50);
    assertThat(limits.of(List.of(new InstanceId("identity", 2))))
        .filteredOn(limit -> limit.limit().equals("cpu_priority_boost"))
        .extracting(limit -> limit.how().orElseThrow())
        .containsExactly("by test; lowered to a quarter until it is READY");
    limits.ready("identity-2-a-1");
    assertThat(kernel.newest().cpuWeight()).isEqualTo(200);
    assertThat(kernel.newest().cpuCores()).hasValue(0.5);
  }

  @Test
  void theOnlyOneOfItsServiceStartsAsFastAsItCan() {
    create();
    limits.ready("identity-1-a-1");
    limits.create(ID, "identity-1-a-2", service().limits(), false);
    assertThat(kernel.newest().cpuWeight()).isEqualTo(200);

    kernel.weightBy = "nice 0 (no cpu controller)";
    startSecond();
    assertThat(kernel.newest().cpuWeight()).as("it could not be taken back").isEqualTo(200);
  }

  private void startSecond() {
    limits.create(new InstanceId("identity", 2), "identity-2-a-1", service().limits(), false);
  }

  @Test
  void oneThatStartsInTheBackgroundLeavesItWhenItIsReady() {
    limits.create(ID, "identity-1-a-1", service().limits(), true);
    assertThat(kernel.newest().background()).isTrue();
    assertThat(shown("cpu_priority_boost").how())
        .contains("by test; it starts behind the others, as it ended again and again");
    change("cpu_priority_boost: 10", "cpu_priority_boost: 5");
    assertThat(kernel.newest().background()).as("a change of limits is no end of it").isTrue();

    limits.ready("identity-1-a-1");
    assertThat(kernel.newest().background()).isFalse();
    assertThat(kernel.newest().cpuWeight()).isEqualTo(150);
    assertThat(kernel.newest().cpuCores()).hasValue(0.5);
    assertThat(shown("cpu_priority_boost").how()).contains("by test");
  }

  @Test
  void readyIsTheEndOfTheBackgroundWithoutAQuotaToo() {
    change("max_cpu: 0.5, ", "");
    limits.create(ID, "identity-1-a-1", service().limits(), true);
    limits.ready("identity-1-a-1");
    assertThat(kernel.newest().background()).isFalse();
  }

  @Test
  void oneThatTakesLongToStartLeavesTheBackgroundBefore() {
    limits.create(ID, "identity-1-a-1", service().limits(), true);
    limits.toForeground("identity-1-a-1");
    assertThat(kernel.newest().background()).isFalse();
    assertThat(kernel.newest().cpuCores()).as("it is not READY yet").isEmpty();
    int before = kernel.applied.size();
    limits.toForeground("identity-1-a-1");
    limits.toForeground("of another");
    assertThat(kernel.applied).hasSize(before);
  }

  @Test
  void anotherPeriodIsSaidWithTheQuota() {
    change("max_cpu: 0.5", "max_cpu: 0.5, cpu_period: 10ms");
    create();
    limits.ready("identity-1-a-1");
    assertThat(kernel.newest().cpuPeriod()).isEqualTo(Duration.ofMillis(10));
    assertThat(shown("max_cpu").how()).contains("by test; in periods of 10ms");
  }

  private static InstanceLimit not(String limit, String value, String reason) {
    return new InstanceLimit(ID, limit, value, Optional.empty(), Optional.of(reason));
  }
}
