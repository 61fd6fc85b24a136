package blackhole.orchestrator.pressure;

import blackhole.api.process.MachineMemory;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.ProcessUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From samples to what is to be done about them. Not thread-safe; it does nothing itself, and knows
 * no time but what it is told.
 */
public final class PressureWatch {
  /** Between two collections of garbage that one host is asked for: each stops it for a moment. */
  public static final Duration BETWEEN_COLLECTIONS = Duration.ofMinutes(5);

  private final Function<String, Thresholds> thresholds;
  private final int machineCores;
  private final Map<InstanceId, ProcessWatch> watches = new TreeMap<>();
  private final Map<InstanceId, Long> collectedNanos = new LinkedHashMap<>();

  /**
   * @param thresholds of a service, asked at each look, as they may change
   */
  public PressureWatch(Function<String, Thresholds> thresholds, int machineCores) {
    this.thresholds = thresholds;
    this.machineCores = machineCores;
  }

  /** A signal that begins or ends. */
  public record Turn(InstanceId id, SignalKind kind, boolean begun, String words) {}

  /** A signal that holds. */
  public record Active(InstanceId id, String words, Instant since) {}

  /**
   * What is to be done.
   *
   * @param turns to be told
   * @param collect who is to be asked to collect garbage
   * @param lowered whose CPU weight is to be lowered until they are in no such map any more, and
   *     for whose sake
   */
  public record Measures(
      List<Turn> turns, Set<InstanceId> collect, Map<InstanceId, InstanceId> lowered) {}

  /**
   * One look at all processes.
   *
   * @param samples the newest of each; who is not among them has ended
   * @param machine empty when unknown
   * @param nowNanos monotonic
   */
  public Measures look(List<ProcessUsage> samples, Optional<MachineMemory> machine, long nowNanos) {
    List<Turn> turns = new ArrayList<>(endings(samples));
    int lowest = samples.stream().mapToInt(sample -> rank(sample.id())).min().orElse(0);
    for (ProcessUsage sample : samples) {
      InstanceId id = sample.id();
      turns.addAll(
          watches
              .computeIfAbsent(id, any -> new ProcessWatch(id, sample.pid(), machineCores))
              .look(sample, of(id), rank(id) == lowest, machine, nowNanos));
    }
    return new Measures(List.copyOf(turns), collections(nowNanos), lowered());
  }

  private List<Turn> endings(List<ProcessUsage> samples) {
    Map<InstanceId, ProcessUsage> present = new TreeMap<>();
    samples.forEach(sample -> present.put(sample.id(), sample));
    List<Turn> turns = new ArrayList<>();
    for (Map.Entry<InstanceId, ProcessWatch> each : List.copyOf(watches.entrySet())) {
      @Nullable ProcessUsage sample = present.get(each.getKey());
      if (sample == null || !each.getValue().isOf(sample)) {
        turns.addAll(each.getValue().ended());
        watches.remove(each.getKey());
        collectedNanos.remove(each.getKey());
      }
    }
    return turns;
  }

  private Set<InstanceId> collections(long nowNanos) {
    Set<InstanceId> collect = new LinkedHashSet<>();
    watches.forEach(
        (id, watch) -> {
          Long before = collectedNanos.get(id);
          boolean due = before == null || nowNanos - before >= BETWEEN_COLLECTIONS.toNanos();
          if (due && isEased(watch)) {
            collectedNanos.put(id, nowNanos);
            collect.add(id);
          }
        });
    return collect;
  }

  private static boolean isEased(ProcessWatch watch) {
    for (SignalKind kind : SignalKind.values()) {
      if (kind.isEasedByCollection() && watch.holds(kind)) {
        return true;
      }
    }
    return false;
  }

  /** All that rank below somebody who is short of CPU time. */
  private Map<InstanceId, InstanceId> lowered() {
    Optional<InstanceId> pressed =
        watches.entrySet().stream()
            .filter(each -> each.getValue().holds(SignalKind.CPU))
            .map(Map.Entry::getKey)
            .max(Comparator.comparingInt(this::rank));
    Map<InstanceId, InstanceId> lowered = new TreeMap<>();
    pressed.ifPresent(
        first ->
            watches.keySet().stream()
                .filter(id -> rank(id) < rank(first))
                .forEach(id -> lowered.put(id, first)));
    return lowered;
  }

  private int rank(InstanceId id) {
    return of(id).rank();
  }

  private Thresholds of(InstanceId id) {
    return thresholds.apply(id.service());
  }

  /** What holds as of the last look. */
  public List<Active> active() {
    return watches.values().stream().flatMap(watch -> watch.active().stream()).toList();
  }
}
