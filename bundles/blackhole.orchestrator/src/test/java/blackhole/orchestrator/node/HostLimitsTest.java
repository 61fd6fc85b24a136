package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLimiter;
import blackhole.api.process.ProcessLimits;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.Configs;
import java.util.ArrayList;
import java.util.List;
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

  private final Kernel kernel = new Kernel();
  private final HostLimits limits = new HostLimits(kernel, "h0me", config());

  private static NodeConfig config() {
    return Configs.valid(YAML);
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
    limits.create(ID, "identity-1-a-1");
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
    limits.createSpare("identity", "spare-1");
    assertThat(kernel.last().cpuWeight()).isEqualTo(10);
    assertThat(kernel.last().ioLevel()).hasValue(7);
    assertThat(kernel.last().memoryBytes()).hasValue(256 << 20);

    limits.warmed("spare-1");
    assertThat(kernel.last().cpuWeight()).isEqualTo(200);
    assertThat(kernel.last().ioLevel()).hasValue(3);
    assertThat(kernel.last().cpuCores()).isEmpty();
  }

  @Test
  void aPriorityThatCannotBeTakenBackIsNotTouched() {
    kernel.weightBy = "nice 0 (no cpu controller)";
    limits.createSpare("identity", "spare-1");
    assertThat(kernel.last().cpuWeight()).isEqualTo(200);
  }

  @Test
  void aTakenSpareIsHeldToItsInstancesLimits() {
    limits.createSpare("identity", "spare-1");
    limits.warmed("spare-1");

    assertThat(limits.adopt(ID, "spare-1")).isEmpty();
    assertThat(limits.of(List.of(ID)))
        .contains(
            new InstanceLimit(ID, "max_memory", "256MB", Optional.of("by test"), Optional.empty()));
    assertThat(kernel.last().cpuCores()).isEmpty();
    limits.ready("spare-1");
    assertThat(kernel.last().cpuCores()).hasValue(0.5);
    assertThat(limits.ended("spare-1")).contains("cgroup limit 256 MB");
  }

  @Test
  void aLimitThatCannotFollowMakesASpareUseless() {
    limits.createSpare("identity", "spare-1");
    kernel.memoryIsBusy = true;
    assertThat(limits.adopt(ID, "spare-1"))
        .contains("max_memory cannot follow: it uses more than that");
    assertThat(limits.ended("spare-1")).as("it is no instance's").isEmpty();
    limits.spareEnded("spare-1");
    assertThat(limits.adopt(ID, "spare-1")).contains("the spare has ended");
  }

  @Test
  void theKernelsKillIsKnownOnceItHasEnded() {
    limits.create(ID, "identity-1-a-1");
    assertThat(limits.ended("identity-1-a-1")).contains("cgroup limit 256 MB");
    assertThat(limits.ended("identity-1-a-1")).isEmpty();
    limits.ready("identity-1-a-1");
    assertThat(kernel.applied).as("nothing is left to limit").hasSize(1);
  }

  private static InstanceLimit not(String limit, String value, String reason) {
    return new InstanceLimit(ID, limit, value, Optional.empty(), Optional.of(reason));
  }

  /** Enforces all but priorities. */
  private static final class Kernel implements ProcessLimiter, ProcessGroup {
    final List<ProcessLimits> applied = new ArrayList<>();
    String weightBy = "by test";
    boolean memoryIsBusy;
    private boolean memoryHeld = true;

    ProcessLimits last() {
      return applied.get(applied.size() - 1);
    }

    @Override
    public ProcessGroup create(String node, String process, ProcessLimits limits) {
      assertThat(node).isEqualTo("h0me");
      apply(limits);
      return this;
    }

    @Override
    public void apply(ProcessLimits limits) {
      applied.add(limits);
      memoryHeld = !memoryIsBusy;
    }

    @Override
    public List<LimitState> states() {
      List<LimitState> states = new ArrayList<>();
      states.add(
          memoryHeld
              ? LimitState.enforced(Kind.MEMORY, "by test")
              : LimitState.notEnforced(Kind.MEMORY, "it uses more than that"));
      states.add(LimitState.enforced(Kind.SOFT_MEMORY, "by test"));
      if (applied.get(applied.size() - 1).cpuCores().isPresent()) {
        states.add(LimitState.enforced(Kind.CPU_QUOTA, "by test"));
      }
      states.add(LimitState.enforced(Kind.CPU_WEIGHT, weightBy));
      states.add(LimitState.notEnforced(Kind.IO_LEVEL, "no ionice"));
      return states;
    }

    @Override
    public Optional<String> outOfMemory() {
      return Optional.of("cgroup limit 256 MB");
    }

    @Override
    public List<String> prefix() {
      return List.of();
    }

    @Override
    public void started(ProcessIdentity process) {}

    @Override
    public void kill() {}

    @Override
    public void close() {}

    @Override
    public void remove(String node, String process) {}

    @Override
    public void removeEmpty(String node) {}
  }
}
