package blackhole.orchestrator.alert;

import blackhole.api.supervision.Alerts.Alert;
import blackhole.api.supervision.Alerts.Severity;
import blackhole.orchestrator.alert.Reading.Key;
import blackhole.orchestrator.alert.Reading.Level;
import blackhole.orchestrator.config.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts hold: from readings and time to what is to be told. An alert is raised when its
 * reading is bad without a break for as long as its rule says, and resolved when it is good for as
 * long; each is told once. Not thread-safe; it does nothing itself.
 */
public final class AlertBook {
  /** Of those that are resolved. */
  static final int KEPT = 100;

  /** As {@link #KEPT}. */
  static final Duration KEPT_FOR = Duration.ofDays(1);

  private final Function<AlertRule, Delays> delays;
  private final Map<Key, Active> active = new LinkedHashMap<>();
  private final Map<Key, Long> badSince = new LinkedHashMap<>();
  private final Deque<Alert> resolved = new ArrayDeque<>(); // the newest first
  private final Map<String, Silence> silences = new LinkedHashMap<>();
  private long changes;

  /**
   * How long.
   *
   * @param raise it has to be bad
   * @param resolve it has to be good
   */
  public record Delays(Duration raise, Duration resolve) {}

  /** An alert that was raised ({@code begun}) or resolved. */
  public record Turn(Alert alert, boolean begun) {}

  /**
   * Nobody is told.
   *
   * @param endNanos monotonic
   * @param until the same, by the wall clock
   */
  private record Silence(long endNanos, Instant until) {}

  private static final class Active {
    private final Instant since;
    private String message;
    private String reason;

    /** Whether somebody knows of it. */
    private boolean told;

    private @Nullable Long goodSince;

    Active(Instant since, String message, String reason, boolean told) {
      this.since = since;
      this.message = message;
      this.reason = reason;
      this.told = told;
    }
  }

  public AlertBook(Function<AlertRule, Delays> delays) {
    this.delays = delays;
  }

  /** Goes on with what an earlier book has written down. */
  public void restore(Kept kept, long nowNanos, Instant now) {
    kept.active()
        .forEach(
            one ->
                active.put(
                    one.key(), new Active(one.since(), one.message(), one.reason(), one.told())));
    kept.resolved().forEach(resolved::addLast);
    kept.silences()
        .forEach((name, until) -> silence(name, Duration.between(now, until), nowNanos, now));
  }

  /** What is to be written down. */
  public Kept kept(long nowNanos) {
    dropSilences(nowNanos);
    List<Kept.One> ones = new ArrayList<>();
    active.forEach(
        (key, one) -> ones.add(new Kept.One(key, one.since, one.message, one.reason, one.told)));
    Map<String, Instant> until = new LinkedHashMap<>();
    silences.forEach((name, silence) -> until.put(name, silence.until()));
    return new Kept(ones, List.copyOf(resolved), until);
  }

  /**
   * One look at everything.
   *
   * @param readings of all that there is; what is not among them is there no more
   * @param unobserved rules of which nothing is known yet, so that nothing of theirs is over
   * @param nowNanos monotonic
   * @return what is to be told, in this order
   */
  public List<Turn> look(
      List<Reading> readings, Set<AlertRule> unobserved, long nowNanos, Instant now) {
    dropSilences(nowNanos);
    Map<Key, Reading> byKey = new LinkedHashMap<>();
    readings.forEach(reading -> byKey.put(reading.key(), reading));
    badSince.keySet().retainAll(byKey.keySet());
    List<Turn> turns = new ArrayList<>();
    for (Key key : List.copyOf(active.keySet())) {
      if (unobserved.contains(key.rule())) {
        continue;
      }
      resolve(key, Optional.ofNullable(byKey.get(key)), nowNanos, now).ifPresent(turns::add);
    }
    byKey.values().forEach(reading -> raise(reading, nowNanos, now));
    active.forEach((key, one) -> tell(key, one).ifPresent(turns::add));
    forget(now);
    return turns;
  }

  private void raise(Reading reading, long nowNanos, Instant now) {
    Key key = reading.key();
    if (active.containsKey(key)) {
      return;
    }
    switch (reading.level()) {
      case BAD -> {
        long since = badSince.computeIfAbsent(key, unused -> nowNanos);
        if (nowNanos - since >= delays.apply(key.rule()).raise().toNanos()) {
          badSince.remove(key);
          active.put(key, new Active(now, reading.message(), reading.reason(), false));
          changes++;
        }
      }
      case BETWEEN, GOOD, HELD -> badSince.remove(key);
    }
  }

  private Optional<Turn> resolve(Key key, Optional<Reading> reading, long nowNanos, Instant now) {
    Active one = active.get(key);
    if (one == null) {
      return Optional.empty();
    }
    Level level = reading.map(Reading::level).orElse(Level.GOOD);
    if (level != Level.GOOD) {
      one.goodSince = null;
      if (level == Level.BAD) {
        one.message = reading.orElseThrow().message();
        one.reason = reading.orElseThrow().reason();
      }
      return Optional.empty();
    }
    @Nullable Long before = one.goodSince;
    long since = before == null ? nowNanos : before;
    one.goodSince = since;
    if (nowNanos - since < delays.apply(key.rule()).resolve().toNanos()) {
      return Optional.empty();
    }
    Alert over = alert(key, one, Optional.of(now));
    active.remove(key);
    resolved.addFirst(over);
    changes++;
    // whoever was not told that it began need not hear that it is over
    return one.told ? Optional.of(new Turn(over, false)) : Optional.empty();
  }

  private Optional<Turn> tell(Key key, Active one) {
    if (one.told || silence(key).isPresent()) {
      return Optional.empty();
    }
    one.told = true;
    changes++;
    return Optional.of(new Turn(alert(key, one, Optional.empty()), true));
  }

  private Alert alert(Key key, Active one, Optional<Instant> over) {
    return new Alert(
        key.rule().word(),
        key.service(),
        key.subject(),
        severity(key.rule()),
        one.message,
        one.reason,
        one.since,
        over,
        // whoever was told that it began is told that it is over, silent or not
        over.isPresent() && one.told ? Optional.empty() : silence(key));
  }

  static Severity severity(AlertRule rule) {
    return rule.isCritical() ? Severity.CRITICAL : Severity.WARNING;
  }

  private void forget(Instant now) {
    resolved.removeIf(one -> one.resolved().orElse(now).isBefore(now.minus(KEPT_FOR)));
    while (resolved.size() > KEPT) {
      resolved.removeLast();
    }
  }

  /** How often something that is kept has changed. */
  public long changes() {
    return changes;
  }

  /** As {@link blackhole.api.supervision.Alerts#alerts}. */
  public List<Alert> alerts(long nowNanos) {
    dropSilences(nowNanos);
    List<Alert> all = new ArrayList<>();
    active.forEach((key, one) -> all.add(alert(key, one, Optional.empty())));
    all.sort(Comparator.comparing(Alert::since).reversed());
    all.addAll(resolved);
    return all;
  }

  /**
   * As {@link blackhole.api.supervision.Alerts#silence}; what is not longer than nothing ends it.
   *
   * @param alert the name of a rule, or {@code NAME/SERVICE}
   */
  public List<Alert> silence(String alert, Duration atMost, long nowNanos, Instant now) {
    if (atMost.isZero() || atMost.isNegative()) {
      silences.remove(alert);
    } else {
      silences.put(alert, new Silence(nowNanos + atMost.toNanos(), now.plus(atMost)));
    }
    List<Alert> concerned = new ArrayList<>();
    active.forEach(
        (key, one) -> {
          if (alert.equals(key.rule().word()) || alert.equals(full(key))) {
            concerned.add(alert(key, one, Optional.empty()));
          }
        });
    return concerned;
  }

  private Optional<Instant> silence(Key key) {
    Silence wide = silences.get(key.rule().word());
    Silence narrow = silences.get(full(key));
    if (wide == null || narrow == null) {
      return Optional.ofNullable(wide == null ? narrow : wide).map(Silence::until);
    }
    return Optional.of(wide.until().isAfter(narrow.until()) ? wide.until() : narrow.until());
  }

  private static String full(Key key) {
    return key.rule().word() + "/" + key.service().orElse("");
  }

  private void dropSilences(long nowNanos) {
    silences.values().removeIf(silence -> nowNanos - silence.endNanos() >= 0);
  }
}
