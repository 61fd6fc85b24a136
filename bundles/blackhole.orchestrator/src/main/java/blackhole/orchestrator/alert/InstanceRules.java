package blackhole.orchestrator.alert;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.ProcessUsage;
import blackhole.orchestrator.alert.Reading.Key;
import blackhole.orchestrator.alert.Reading.Level;
import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.AlertRule;
import blackhole.orchestrator.config.schema.Durations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * The rules on instances. While somebody stops, starts or updates one, most have nothing to say.
 * Not thread-safe.
 */
public final class InstanceRules {
  /** Between the beginning of a memory alert and its end, in parts of the limit. */
  private static final double MEMORY_ROOM = 0.05;

  private final AlertConfig config;
  private final Function<String, OptionalDouble> memoryThresholds;
  private final Map<InstanceId, Occurrences> ends = new HashMap<>();

  /**
   * @param memoryThresholds of the service's class; empty for those that have none
   */
  public InstanceRules(AlertConfig config, Function<String, OptionalDouble> memoryThresholds) {
    this.config = config;
    this.memoryThresholds = memoryThresholds;
  }

  /**
   * What is known of an instance.
   *
   * @param flaps whether its health goes up and down
   * @param updating whether its bundle is being replaced
   * @param failures ends that nobody asked for, since the orchestrator's start
   * @param usage of the process that runs now
   * @param pressure what presses on it, in words
   */
  public record Facts(
      InstanceStatus status,
      boolean flaps,
      boolean updating,
      long failures,
      Optional<ProcessUsage> usage,
      List<String> pressure) {
    public Facts {
      pressure = List.copyOf(pressure);
    }

    /** Whether what it says of itself counts. */
    private boolean settled() {
      return status.state() == InstanceState.READY && !updating;
    }

    private boolean down() {
      return status.state() == InstanceState.STOPPED || status.state() == InstanceState.FAILED;
    }
  }

  /**
   * An earlier orchestrator has told of a crash loop, and nobody knows any more when it ended: so
   * it is one until it is seen not to be.
   */
  public void restore(Key key, long nowNanos) {
    int dash = key.subject().lastIndexOf('-');
    if (key.rule() == AlertRule.CRASH_LOOP && key.service().isPresent() && dash > 0) {
      try {
        int instance = Integer.parseInt(key.subject().substring(dash + 1));
        ends.computeIfAbsent(
                new InstanceId(key.service().get(), instance), unused -> new Occurrences())
            .add(config.crashes(), nowNanos);
      } catch (NumberFormatException e) {
        // not written by us
      }
    }
  }

  /**
   * @param all the instances that there are
   * @param nowNanos monotonic
   */
  public List<Reading> read(List<Facts> all, long nowNanos) {
    Set<InstanceId> present = new HashSet<>();
    List<Reading> readings = new ArrayList<>();
    for (Facts facts : all) {
      present.add(facts.status().id());
      readings.add(failed(facts));
      readings.add(crashLoop(facts, nowNanos));
      readings.add(unhealthy(facts));
      readings.add(flapping(facts));
      readings.add(memory(facts));
      readings.add(pressure(facts));
    }
    ends.keySet().retainAll(present);
    return readings;
  }

  private static Reading reading(
      AlertRule rule, InstanceStatus status, Level level, String message, String reason) {
    return new Reading(
        new Key(rule, Optional.of(status.id().service()), status.id().toString()),
        level,
        status.id() + " " + message,
        reason);
  }

  private static Reading failed(Facts facts) {
    Level level =
        switch (facts.status().state()) {
          case FAILED -> Level.BAD;
          case READY, STOPPED -> Level.GOOD;
          // it may yet fail again
          case STARTING, BACKOFF, DRAINING -> Level.HELD;
        };
    return reading(
        AlertRule.FAILED, facts.status(), level, "was given up", facts.status().message());
  }

  private Reading crashLoop(Facts facts, long nowNanos) {
    InstanceStatus status = facts.status();
    Occurrences seen = ends.computeIfAbsent(status.id(), unused -> new Occurrences());
    seen.count(facts.failures(), nowNanos);
    if (facts.down()) {
      // whoever starts it again begins anew
      seen.forget();
    }
    int within = seen.within(config.crashWindow(), nowNanos);
    return reading(
        AlertRule.CRASH_LOOP,
        status,
        crashLoop(status.state(), within),
        "ends again and again",
        "it ended "
            + within
            + " times within "
            + Durations.format(config.crashWindow())
            + status.lastExit().map(words -> ", the last time: " + words).orElse(""));
  }

  private Level crashLoop(InstanceState state, int within) {
    if (state == InstanceState.FAILED) {
      return Level.HELD; // there is an alert for that
    }
    if (within >= config.crashes()) {
      return Level.BAD;
    }
    return 2 * within < config.crashes() ? Level.GOOD : Level.BETWEEN;
  }

  private static Reading unhealthy(Facts facts) {
    InstanceStatus status = facts.status();
    Level level = bad(facts, !status.health().isUsable());
    return reading(
        AlertRule.UNHEALTHY,
        status,
        level,
        "is " + status.health().name().toLowerCase(Locale.ROOT),
        status.message());
  }

  private static Reading flapping(Facts facts) {
    return reading(
        AlertRule.FLAPPING,
        facts.status(),
        bad(facts, facts.flaps()),
        "is healthy now and then",
        facts.status().message());
  }

  private static Reading pressure(Facts facts) {
    return reading(
        AlertRule.UNDER_PRESSURE,
        facts.status(),
        bad(facts, !facts.pressure().isEmpty()),
        "has been near a limit for long",
        String.join("; ", facts.pressure()));
  }

  private static Level bad(Facts facts, boolean bad) {
    if (facts.down()) {
      return Level.GOOD;
    }
    if (!facts.settled()) {
      return Level.HELD;
    }
    return bad ? Level.BAD : Level.GOOD;
  }

  private Reading memory(Facts facts) {
    InstanceStatus status = facts.status();
    double threshold = memoryThresholds.apply(status.id().service()).orElse(config.memory());
    OptionalDouble ratio =
        facts
            .usage()
            .filter(usage -> usage.memoryLimitBytes().isPresent())
            .map(
                usage ->
                    OptionalDouble.of(
                        (double) usage.rssBytes() / usage.memoryLimitBytes().getAsLong()))
            .orElse(OptionalDouble.empty());
    return reading(
        AlertRule.MEMORY_NEAR_LIMIT,
        status,
        memory(facts, ratio, threshold),
        "is near max_memory",
        facts.usage().map(usage -> used(usage, threshold)).orElse(""));
  }

  private static Level memory(Facts facts, OptionalDouble ratio, double threshold) {
    if (facts.down()) {
      return Level.GOOD;
    }
    if (!facts.settled() || ratio.isEmpty()) {
      return Level.HELD;
    }
    if (ratio.getAsDouble() >= threshold) {
      return Level.BAD;
    }
    return ratio.getAsDouble() < threshold - MEMORY_ROOM ? Level.GOOD : Level.BETWEEN;
  }

  private static String used(ProcessUsage usage, double threshold) {
    return (usage.rssBytes() >> 20)
        + " MB of "
        + (usage.memoryLimitBytes().orElse(0) >> 20)
        + " MB are resident (threshold "
        + Math.round(threshold * 100)
        + " %)";
  }
}
