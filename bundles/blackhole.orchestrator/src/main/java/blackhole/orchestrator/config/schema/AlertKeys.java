package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.AlertRule;
import java.time.Duration;
import java.util.List;

/** {@code node.alerts:}, what operators are told of. */
public final class AlertKeys {
  public static final String WEBHOOK_FORM = "a URL such as http://127.0.0.1:9093/api/v2/alerts";

  public static final Key<String> WEBHOOK =
      Key.withoutDefault(
          "node.alerts.webhook",
          new TextType("https?://[^\\x00-\\x20/]+(/[^\\x00-\\x20]*)?", WEBHOOK_FORM),
          "no Alertmanager is told; without a path, `/api/v2/alerts` is meant");

  public static final Key<List<AlertRule>> OFF =
      Key.of(
          "node.alerts.off",
          new ListType<>(
              ChoiceType.of(AlertRule.values()), "a list of alerts such as [flapping, disk_full]"),
          "[]",
          "all alerts may be raised");

  public static final Key<Integer> CRASHES =
      Key.of(
          "node.alerts.crash_loop.failures",
          new IntegerType(2, 100),
          "3",
          "an instance that ended three times by itself is in a crash loop");

  public static final Key<Duration> CRASH_WINDOW =
      Key.of(
          "node.alerts.crash_loop.window",
          Types.durationFrom(Duration.ofSeconds(1)),
          "1h",
          "so often within an hour");

  public static final Key<Duration> UNHEALTHY_AFTER =
      after("unhealthy", "1m", "an instance that cannot be called for a minute is an alert");

  public static final Key<Double> MEMORY =
      Key.of(
          "node.alerts.memory_near_limit.threshold",
          Types.THRESHOLD,
          "90%",
          "nine tenths of `max_memory`, unless the class has a `memory_threshold`");

  public static final Key<Duration> MEMORY_AFTER =
      after("memory_near_limit", "5m", "memory over its threshold for five minutes is an alert");

  public static final Key<Duration> PRESSURE_AFTER =
      after("under_pressure", "15m", "a signal that holds for a quarter of an hour is an alert");

  public static final Key<Duration> BREAKER_AFTER =
      after("breaker_open", "2m", "a circuit that is not closed for two minutes is an alert");

  public static final Key<Integer> EVENT_LAG =
      Key.of(
          "node.alerts.event_lag.threshold",
          new IntegerType(1, 1_000_000_000),
          "10000",
          "a subscriber may be ten thousand events behind");

  public static final Key<Duration> EVENT_LAG_AFTER =
      after("event_lag", "5m", "more than that for five minutes is an alert");

  public static final Key<Duration> CERTIFICATE_BEFORE =
      Key.of(
          "node.alerts.certificate_expires.before",
          Types.durationFrom(Duration.ofMinutes(1)),
          "14d",
          "two weeks to renew a certificate");

  public static final Key<Double> DISK_FREE =
      Key.of(
          "node.alerts.disk_space_low.free",
          Types.FRACTION,
          "5%",
          "less than a twentieth of the home's disk, or than 1 GB, is an alert");

  static final List<Key<?>> ALL =
      List.of(
          WEBHOOK,
          OFF,
          CRASHES,
          CRASH_WINDOW,
          UNHEALTHY_AFTER,
          MEMORY,
          MEMORY_AFTER,
          PRESSURE_AFTER,
          BREAKER_AFTER,
          EVENT_LAG,
          EVENT_LAG_AFTER,
          CERTIFICATE_BEFORE,
          DISK_FREE);

  private AlertKeys() {}

  private static Key<Duration> after(String rule, String value, String absent) {
    return Key.of(
        "node.alerts." + rule + ".after", Types.durationFrom(Duration.ZERO), value, absent);
  }
}
