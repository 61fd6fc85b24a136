package blackhole.orchestrator.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.CgroupCounters;
import blackhole.api.process.MachineMemory;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.orchestrator.pressure.PressureWatch.Measures;
import blackhole.orchestrator.pressure.PressureWatch.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The table of signals in the README, row by row. */
class PressureWatchTest {
  private static final long MB = 1 << 20;
  private static final InstanceId LEDGER = new InstanceId("ledger", 1);
  private static final InstanceId ANALYTICS = new InstanceId("analytics", 1);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration PERIOD = Duration.ofMillis(100);

  private final Map<String, Thresholds> thresholds = new HashMap<>();
  private final PressureWatch watch = new PressureWatch(thresholds::get, 4);
  private final List<ProcessUsage> samples = new ArrayList<>();
  private Optional<MachineMemory> machine = Optional.empty();
  private Duration now = Duration.ofDays(1);

  PressureWatchTest() {
    thresholds.put(
        "ledger",
        new Thresholds(
            OptionalDouble.of(0.9), OptionalDouble.of(0.9), OptionalDouble.of(0.5), PERIOD, 10));
    thresholds.put(
        "analytics",
        new Thresholds(
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), PERIOD, 0));
  }

  /** What a process uses; a test changes what it is about. */
  private record Used(
      InstanceId id,
      long pid,
      long rssMb,
      OptionalDouble cores,
      Optional<CgroupCounters> counters,
      Optional<JvmUsage> jvm) {
    static Used of(InstanceId id) {
      return new Used(id, 7, 100, OptionalDouble.empty(), Optional.empty(), Optional.empty());
    }

    Used pid(long other) {
      return new Used(id, other, rssMb, cores, counters, jvm);
    }

    Used rss(long megabytes) {
      return new Used(id, pid, megabytes, cores, counters, jvm);
    }

    Used cores(double used) {
      return new Used(id, pid, rssMb, OptionalDouble.of(used), counters, jvm);
    }

    Used throttled(long periods) {
      return counted(OptionalLong.of(periods), OptionalLong.empty());
    }

    Used killed(long processes) {
      return counted(OptionalLong.empty(), OptionalLong.of(processes));
    }

    private Used counted(OptionalLong periods, OptionalLong kills) {
      return new Used(
          id,
          pid,
          rssMb,
          cores,
          Optional.of(new CgroupCounters(periods, Optional.empty(), kills)),
          jvm);
    }

    /** Of 100 MB of heap. */
    Used leftInHeap(OptionalLong megabytes) {
      OptionalLong left =
          megabytes.isPresent()
              ? OptionalLong.of(megabytes.getAsLong() * MB)
              : OptionalLong.empty();
      return new Used(
          id,
          pid,
          rssMb,
          cores,
          counters,
          Optional.of(
              new JvmUsage(
                  99 * MB, 100 * MB, left, 1, 1, 1, Duration.ZERO, 1, OptionalInt.empty())));
    }
  }

  /** One interval later, everybody is sampled. */
  private Measures after(Used... used) {
    now = now.plus(INTERVAL);
    samples.clear();
    for (Used one : used) {
      samples.add(
          new ProcessUsage(
              one.id(),
              one.pid(),
              Instant.EPOCH.plus(now),
              one.rssMb() * MB,
              OptionalLong.empty(),
              OptionalLong.of(200 * MB),
              one.cores(),
              1,
              1,
              one.counters(),
              Duration.ZERO,
              one.jvm()));
    }
    return again();
  }

  /** Looks, without a new sample. */
  private Measures again() {
    return watch.look(samples, machine, now.toNanos());
  }

  private static List<String> words(Measures measures) {
    return measures.turns().stream().map(Turn::words).toList();
  }

  @Test
  void memoryBeginsAtItsThresholdAndEndsWithRoom() {
    Used ledger = Used.of(LEDGER);
    assertThat(after(ledger.rss(179)).turns()).isEmpty();
    Measures begun = after(ledger.rss(180));
    assertThat(words(begun))
        .containsExactly("memory pressure: 180 MB of 200 MB (90 %), memory_threshold 90 %");
    assertThat(begun.turns().get(0).begun()).isTrue();
    assertThat(begun.collect()).containsExactly(LEDGER);
    assertThat(begun.lowered()).isEmpty();
    assertThat(after(ledger.rss(171)).turns()).as("between both").isEmpty();
    assertThat(watch.active())
        .containsExactly(
            new PressureWatch.Active(
                LEDGER,
                "memory pressure: 171 MB of 200 MB (86 %), memory_threshold 90 %",
                Instant.EPOCH.plus(now.minus(INTERVAL))));
    Measures over = after(ledger.rss(169));
    assertThat(words(over))
        .containsExactly("memory pressure is over: 169 MB of 200 MB (85 %), memory_threshold 90 %");
    assertThat(over.turns().get(0).begun()).isFalse();
    assertThat(watch.active()).isEmpty();
  }

  @Test
  void heapBeginsByWhatACollectionLeft() {
    Used ledger = Used.of(LEDGER);
    assertThat(after(ledger.leftInHeap(OptionalLong.empty())).turns())
        .as("garbage does not count")
        .isEmpty();
    Measures begun = after(ledger.leftInHeap(OptionalLong.of(93)));
    assertThat(words(begun))
        .containsExactly(
            "heap pressure: 93 MB of 100 MB (93 %) after a collection, memory_threshold 90 %");
    assertThat(begun.collect()).as("else the figure stays as old as it is").contains(LEDGER);
    assertThat(words(after(ledger.leftInHeap(OptionalLong.of(40)))))
        .containsExactly(
            "heap pressure is over: 40 MB of 100 MB (40 %) after a collection,"
                + " memory_threshold 90 %");
  }

  @Test
  void cpuBeginsAfterThreeSamplesAndLowersWhoIsLessCritical() {
    Used ledger = Used.of(LEDGER).cores(0.47);
    Used analytics = Used.of(ANALYTICS).cores(3.9);
    assertThat(after(ledger, analytics).turns()).isEmpty();
    assertThat(after(ledger, analytics).turns()).isEmpty();
    Measures begun = after(ledger, analytics);
    assertThat(words(begun))
        .containsExactly("CPU pressure: 0.47 of 0.5 cores (94 %), cpu_threshold 90 %");
    assertThat(begun.lowered()).containsExactly(Map.entry(ANALYTICS, LEDGER));
    assertThat(begun.collect()).isEmpty();

    Used calm = ledger.cores(0.39);
    assertThat(after(calm, analytics).lowered()).containsKey(ANALYTICS);
    assertThat(after(calm, analytics).lowered()).containsKey(ANALYTICS);
    Measures over = after(calm, analytics);
    assertThat(words(over))
        .containsExactly("CPU pressure is over: 0.39 of 0.5 cores (78 %), cpu_threshold 90 %");
    assertThat(over.lowered()).as("back to what they had").isEmpty();
  }

  @Test
  void withoutAQuotaTheMachineIsTheLimit() {
    thresholds.put(
        "ledger",
        new Thresholds(
            OptionalDouble.empty(), OptionalDouble.of(0.9), OptionalDouble.empty(), PERIOD, 10));
    Used ledger = Used.of(LEDGER).cores(3.7);
    after(ledger);
    after(ledger);
    assertThat(words(after(ledger)))
        .containsExactly("CPU pressure: 3.7 of 4.0 cores (93 %), cpu_threshold 90 %");
  }

  @Test
  void aPeakOfCpuIsNoPressure() {
    Used ledger = Used.of(LEDGER);
    for (int i = 0; i < 10; i++) {
      assertThat(after(ledger.cores(0.5)).turns()).isEmpty();
      assertThat(after(ledger.cores(0.5)).turns()).isEmpty();
      assertThat(after(ledger.cores(0.1)).turns()).isEmpty();
    }
  }

  @Test
  void throttledBeginsWithHalfOfThePeriods() {
    Used ledger = Used.of(LEDGER);
    // 100 periods an interval; the first sample has nothing to compare with
    after(ledger.throttled(1000));
    after(ledger.throttled(1060));
    after(ledger.throttled(1120));
    Measures begun = after(ledger.throttled(1180));
    assertThat(words(begun))
        .containsExactly("throttled by its CPU quota: in 60 % of the periods of 100 ms");
    assertThat(begun.lowered()).as("others do not take what its own quota denies").isEmpty();
    after(ledger.throttled(1190));
    after(ledger.throttled(1200));
    assertThat(words(after(ledger.throttled(1210))))
        .containsExactly("no more throttled by its CPU quota: in 10 % of the periods of 100 ms");
  }

  @Test
  void periodsAreAsLongAsTheyAreConfigured() {
    thresholds.put(
        "ledger",
        new Thresholds(
            OptionalDouble.empty(),
            OptionalDouble.of(0.9),
            OptionalDouble.of(0.5),
            Duration.ofMillis(10),
            10));
    Used ledger = Used.of(LEDGER);
    // 1000 periods an interval
    after(ledger.throttled(0));
    after(ledger.throttled(700));
    after(ledger.throttled(1400));
    assertThat(words(after(ledger.throttled(2100))))
        .containsExactly("throttled by its CPU quota: in 70 % of the periods of 10 ms");
  }

  @Test
  void killsAreSeenByTheirCounterAndEndInTenQuietMinutes() {
    Used analytics = Used.of(ANALYTICS);
    assertThat(after(analytics.killed(0)).turns()).isEmpty();
    assertThat(words(after(analytics.killed(1))))
        .as("in classes without thresholds too")
        .containsExactly("killed for memory: 1 process of its cgroup");
    now = now.plus(Duration.ofMinutes(9));
    assertThat(after(analytics.killed(2)).turns()).as("one more").isEmpty();
    now = now.plus(Duration.ofMinutes(9));
    assertThat(after(analytics.killed(2)).turns()).isEmpty();
    now = now.plus(Duration.ofMinutes(1));
    assertThat(words(after(analytics.killed(2))))
        .containsExactly("no more killed for memory: 2 processes of its cgroup");
  }

  @Test
  void theMachinesLackIsForTheLeastImportantToEase() {
    Used ledger = Used.of(LEDGER);
    Used analytics = Used.of(ANALYTICS);
    machine = Optional.of(new MachineMemory(60 * MB, 1000 * MB));
    assertThat(after(ledger, analytics).turns()).isEmpty();
    machine = Optional.of(new MachineMemory(50 * MB, 1000 * MB));
    Measures begun = after(ledger, analytics);
    assertThat(begun.turns()).extracting(Turn::id).containsExactly(ANALYTICS);
    assertThat(words(begun))
        .containsExactly("the machine is short of memory: 950 MB of 1000 MB (95 %) in use");
    assertThat(begun.collect()).containsExactly(ANALYTICS);
    machine = Optional.of(new MachineMemory(100 * MB, 1000 * MB));
    assertThat(after(ledger, analytics).turns()).as("between both").isEmpty();
    machine = Optional.of(new MachineMemory(101 * MB, 1000 * MB));
    assertThat(words(after(ledger, analytics)))
        .containsExactly("the machine is no more short of memory: 899 MB of 1000 MB (90 %) in use");
  }

  @Test
  void garbageIsCollectedEveryFiveMinutesAtMost() {
    Used ledger = Used.of(LEDGER);
    assertThat(after(ledger.rss(190)).collect()).containsExactly(LEDGER);
    // a second signal, and one that comes and goes, are no reason for more
    assertThat(after(ledger.rss(190).leftInHeap(OptionalLong.of(95))).collect()).isEmpty();
    assertThat(after(ledger.rss(100)).collect()).isEmpty();
    assertThat(after(ledger.rss(190)).collect()).isEmpty();
    now = now.plus(PressureWatch.BETWEEN_COLLECTIONS);
    assertThat(after(ledger.rss(190)).collect()).containsExactly(LEDGER);
  }

  @Test
  void whatIsNotMeasuredChangesNothing() {
    Used ledger = Used.of(LEDGER);
    Used pressed = ledger.cores(0.5).leftInHeap(OptionalLong.of(95));
    after(pressed);
    after(pressed);
    after(pressed);
    assertThat(watch.active()).hasSize(2);
    for (int i = 0; i < 5; i++) {
      assertThat(after(ledger).turns()).isEmpty();
    }
    machine = Optional.empty();
    assertThat(again().lowered()).isEmpty();
    assertThat(watch.active()).hasSize(2);
  }

  @Test
  void oneSampleCountsOnce() {
    after(Used.of(LEDGER).cores(0.5));
    for (int i = 0; i < 5; i++) {
      assertThat(again().turns()).isEmpty();
    }
  }

  @Test
  void allIsOverWithTheProcess() {
    after(Used.of(LEDGER).rss(190), Used.of(ANALYTICS));
    Measures ended = after(Used.of(ANALYTICS));
    assertThat(words(ended)).containsExactly("memory pressure is over: its process has ended");
    assertThat(watch.active()).isEmpty();
    assertThat(after(Used.of(LEDGER).rss(190)).turns()).hasSize(1);
    // a process of its own, which is as bad as the one before
    assertThat(words(after(Used.of(LEDGER).rss(190).pid(8)))).hasSize(2);
  }

  @Test
  void aThresholdThatIsTakenAwayEndsItsSignals() {
    Used ledger = Used.of(LEDGER).rss(190).leftInHeap(OptionalLong.of(95)).cores(0.5);
    Used analytics = Used.of(ANALYTICS);
    after(ledger, analytics);
    after(ledger, analytics);
    assertThat(after(ledger, analytics).lowered()).isNotEmpty();
    thresholds.put("ledger", thresholds.get("analytics"));
    Measures dropped = after(ledger, analytics);
    assertThat(words(dropped))
        .containsExactly(
            "memory pressure is over: there is no memory_threshold",
            "heap pressure is over: there is no memory_threshold",
            "CPU pressure is over: there is no cpu_threshold");
    assertThat(dropped.lowered()).isEmpty();
  }
}
