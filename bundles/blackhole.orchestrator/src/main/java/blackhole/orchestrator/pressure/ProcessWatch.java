package blackhole.orchestrator.pressure;

import blackhole.api.process.CgroupCounters;
import blackhole.api.process.MachineMemory;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.ProcessUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The signals of one process. Not thread-safe. */
final class ProcessWatch {
  private final InstanceId id;
  private final long pid;
  private final int machineCores;
  private final Map<SignalKind, Latch> latches = new EnumMap<>(SignalKind.class);
  private final Map<SignalKind, PressureWatch.Active> active = new EnumMap<>(SignalKind.class);

  private @Nullable ProcessUsage last;
  private long lastNanos;
  private long kills;
  private long lastKillNanos;

  ProcessWatch(InstanceId id, long pid, int machineCores) {
    this.id = id;
    this.pid = pid;
    this.machineCores = machineCores;
    for (SignalKind kind : SignalKind.values()) {
      latches.put(kind, new Latch());
    }
  }

  boolean isOf(ProcessUsage usage) {
    return usage.pid() == pid;
  }

  boolean holds(SignalKind kind) {
    return active.containsKey(kind);
  }

  List<PressureWatch.Active> active() {
    return List.copyOf(active.values());
  }

  /**
   * A sample; one that was looked at before changes nothing.
   *
   * @param least whether it is among the least important, who are to ease the machine's lack
   * @param machine empty when unknown
   */
  List<PressureWatch.Turn> look(
      ProcessUsage usage,
      Thresholds thresholds,
      boolean least,
      Optional<MachineMemory> machine,
      long nowNanos) {
    List<PressureWatch.Turn> turns = new ArrayList<>(dropped(thresholds));
    ProcessUsage before = last;
    if (before == null || !before.sampledAt().equals(usage.sampledAt())) {
      for (Reading reading : readings(usage, thresholds, before, nowNanos)) {
        look(reading, usage.sampledAt()).ifPresent(turns::add);
      }
      last = usage;
      lastNanos = nowNanos;
    }
    if (least) {
      machine
          .flatMap(memory -> look(Readings.machine(memory), usage.sampledAt()))
          .ifPresent(turns::add);
    } else {
      turns.addAll(drop(SignalKind.MACHINE_MEMORY, "others are to ease it"));
    }
    return turns;
  }

  private List<Reading> readings(
      ProcessUsage usage, Thresholds thresholds, @Nullable ProcessUsage before, long nowNanos) {
    List<Reading> readings = new ArrayList<>();
    Readings.memory(usage, thresholds).ifPresent(readings::add);
    Readings.heap(usage, thresholds).ifPresent(readings::add);
    Readings.cpu(usage, thresholds, machineCores).ifPresent(readings::add);
    Optional<CgroupCounters> counters = usage.cgroup();
    if (before != null && before.cgroup().isPresent() && counters.isPresent()) {
      Readings.throttled(before.cgroup().get(), counters.get(), nowNanos - lastNanos, thresholds)
          .ifPresent(readings::add);
    }
    killed(counters.map(CgroupCounters::oomKills).orElse(OptionalLong.empty()), nowNanos)
        .ifPresent(readings::add);
    return readings;
  }

  private Optional<Reading> killed(OptionalLong counted, long nowNanos) {
    if (counted.isEmpty()) {
      return Optional.empty();
    }
    if (counted.getAsLong() > kills) {
      kills = counted.getAsLong();
      lastKillNanos = nowNanos;
    }
    return Optional.of(Readings.killed(kills, nowNanos - lastKillNanos));
  }

  private Optional<PressureWatch.Turn> look(Reading reading, Instant at) {
    Latch latch = latch(reading.kind());
    boolean turned = latch.look(reading.ratio(), reading.band());
    if (!latch.isOn()) {
      active.remove(reading.kind());
      return turned
          ? Optional.of(turn(reading.kind(), false, reading.kind().over(reading.fact())))
          : Optional.empty();
    }
    PressureWatch.Active before = active.get(reading.kind());
    String words = reading.kind().begun(reading.fact());
    active.put(
        reading.kind(), new PressureWatch.Active(id, words, before == null ? at : before.since()));
    return turned ? Optional.of(turn(reading.kind(), true, words)) : Optional.empty();
  }

  private Latch latch(SignalKind kind) {
    return latches.computeIfAbsent(kind, any -> new Latch());
  }

  /** Signals that hold, but that nobody wants to hear of any more. */
  private List<PressureWatch.Turn> dropped(Thresholds thresholds) {
    List<PressureWatch.Turn> turns = new ArrayList<>();
    if (thresholds.memory().isEmpty()) {
      turns.addAll(drop(SignalKind.MEMORY, "there is no memory_threshold"));
      turns.addAll(drop(SignalKind.HEAP, "there is no memory_threshold"));
    }
    if (thresholds.cpu().isEmpty()) {
      turns.addAll(drop(SignalKind.CPU, "there is no cpu_threshold"));
    }
    if (thresholds.cpu().isEmpty() || thresholds.maxCpuCores().isEmpty()) {
      turns.addAll(drop(SignalKind.THROTTLED, "there is no quota to watch"));
    }
    return turns;
  }

  private List<PressureWatch.Turn> drop(SignalKind kind, String why) {
    latches.put(kind, new Latch());
    return active.remove(kind) == null ? List.of() : List.of(turn(kind, false, kind.over(why)));
  }

  /** Its process has ended, and with it all that pressed on it. */
  List<PressureWatch.Turn> ended() {
    return active.keySet().stream()
        .map(kind -> turn(kind, false, kind.over("its process has ended")))
        .toList();
  }

  private PressureWatch.Turn turn(SignalKind kind, boolean begun, String words) {
    return new PressureWatch.Turn(id, kind, begun, words);
  }
}
