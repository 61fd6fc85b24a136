package blackhole.orchestrator.node;

import blackhole.api.process.ProcessSampler;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.pressure.PressureWatch;
import blackhole.orchestrator.supervision.Journal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks after each regular sample whether anybody is near a limit, and does what follows. {@link
 * #look} reads and writes files of the kernel; one at a time.
 */
final class PressureGuard implements Pressure {
  private static final Logger LOG = System.getLogger(PressureGuard.class.getName());
  private static final String WHO = "pressure";

  private final PressureWatch watch;
  private final Samples samples;
  private final ProcessSampler machine;
  private final Supplier<List<InstanceStatus>> instances;
  private final Function<InstanceId, Optional<HostSession>> sessions;
  private final HostLimits limits;
  private final Journal journal;

  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile List<Signal> signals = List.of();

  PressureGuard(
      PressureWatch watch,
      Samples samples,
      ProcessSampler machine,
      Supplier<List<InstanceStatus>> instances,
      Function<InstanceId, Optional<HostSession>> sessions,
      HostLimits limits,
      Journal journal) {
    this.watch = watch;
    this.samples = samples;
    this.machine = machine;
    this.instances = instances;
    this.sessions = sessions;
    this.limits = limits;
    this.journal = journal;
  }

  @Override
  public List<Signal> signals() {
    return signals;
  }

  /** Does nothing while another thread still does: the kernel may keep it waiting. */
  void look() {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    try {
      lookAtAll();
    } catch (RuntimeException e) {
      // what comes of it must not end the thread, which has others to serve
      LOG.log(Level.ERROR, "cannot tell who is under pressure", e);
    } finally {
      looking.set(false);
    }
  }

  private void lookAtAll() {
    Map<InstanceId, InstanceStatus> statuses = new LinkedHashMap<>();
    List<ProcessUsage> newest = new ArrayList<>();
    for (InstanceStatus status : instances.get()) {
      statuses.put(status.id(), status);
      samples
          .newest(status.id())
          .filter(usage -> status.pid().equals(OptionalLong.of(usage.pid())))
          .ifPresent(newest::add);
    }
    PressureWatch.Measures measures =
        watch.look(newest, machine.machineMemory(), System.nanoTime());
    signals =
        watch.active().stream()
            .map(active -> new Signal(active.id(), active.words(), active.since()))
            .toList();
    measures.turns().forEach(turn -> tell(turn, statuses.get(turn.id())));
    limits.lower(measures.lowered());
    measures.collect().forEach(id -> sessions.apply(id).ifPresent(HostSession::collectGarbage));
  }

  private void tell(PressureWatch.Turn turn, @Nullable InstanceStatus status) {
    if (status != null) {
      journal.record(
          new Journal.Entry(
              Instant.now(),
              turn.id(),
              status.state(),
              status.state(),
              turn.words(),
              WHO,
              turn.begun()));
    }
  }
}
