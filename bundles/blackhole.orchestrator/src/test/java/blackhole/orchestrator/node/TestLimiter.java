package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLimiter;
import blackhole.api.process.ProcessLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Enforces all but priorities of input and output. */
final class TestLimiter implements ProcessLimiter, ProcessGroup {
  final List<ProcessLimits> applied = new ArrayList<>();
  String weightBy = "by test";
  boolean memoryIsBusy;
  private boolean memoryHeld = true;

  ProcessLimits newest() {
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
    if (newest().cpuCores().isPresent()) {
      states.add(LimitState.enforced(Kind.CPU_QUOTA, "by test"));
    }
    states.add(LimitState.enforced(Kind.CPU_WEIGHT, weightBy));
    states.add(LimitState.notEnforced(Kind.IO_LEVEL, "no ionice"));
    if (newest().threads().isPresent()) {
      states.add(LimitState.enforced(Kind.THREADS, "by test"));
    }
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
  public boolean containsDescendants() {
    return false;
  }

  @Override
  public void kill() {}

  @Override
  public void close() {}

  @Override
  public void remove(String node, String process) {}

  @Override
  public void removeEmpty(String node, java.util.Set<String> known) {}
}
