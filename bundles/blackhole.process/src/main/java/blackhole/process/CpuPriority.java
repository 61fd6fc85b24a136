package blackhole.process;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which processes go first when there is not enough CPU time for all. Guarded by its group. */
final class CpuPriority {
  /** Where the kernel knows no background: a tenth of the usual. */
  private static final int BACKGROUND_WEIGHT = 10;

  private final Grip<CpuController> cpu;
  private final LimitTools tools;

  private int weight = ProcessLimits.USUAL_CPU_WEIGHT;
  private Outcome outcome = Outcome.failed("it was not set yet");

  CpuPriority(Grip<CpuController> cpu, LimitTools tools) {
    this.cpu = cpu;
    this.tools = tools;
  }

  Outcome outcome() {
    return outcome;
  }

  /**
   * Sets the priority of the group; where that cannot be, of its process.
   *
   * @param started null until there is one
   * @return the nice value that a process is to be started with instead
   */
  Optional<Integer> set(ProcessLimits wanted, @Nullable ProcessIdentity started) {
    if (wanted.background() && toBackground()) {
      return Optional.empty();
    }
    if (!wanted.background()) {
      // or the kernel refuses a weight
      cpu.held().ifPresent(held -> held.controller().toForeground(held.controls()));
    }
    return weight(wanted.cpuWeight(), started);
  }

  /** A nice value does not stand in for that: it could not be taken back. */
  private boolean toBackground() {
    Outcome idle = cpu.set((c, g) -> c.toBackground(g));
    outcome = idle.enforced() ? idle : cpu.set((c, g) -> c.weight(g, BACKGROUND_WEIGHT));
    return outcome.enforced();
  }

  private Optional<Integer> weight(int wanted, @Nullable ProcessIdentity started) {
    int before = weight;
    weight = wanted;
    outcome = cpu.set((c, g) -> c.weight(g, wanted));
    if (outcome.enforced()) {
      return Optional.empty();
    }
    int nice = LimitTools.niceOf(wanted);
    Outcome instead = tools.canNice(nice);
    if (instead.enforced() && started != null && before != wanted) {
      instead = tools.renice(started.pid(), LimitTools.niceOf(before), nice);
    }
    outcome =
        instead.enforced()
            ? Outcome.done(instead.words() + " (" + outcome.words() + ")")
            : Outcome.failed(outcome.words() + "; " + instead.words());
    return instead.enforced() ? Optional.of(nice) : Optional.empty();
  }
}
