package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.ServiceConfig.RemoteFallback;
import java.time.Duration;
import java.util.List;

/** {@code services:}, one stanza a service. */
public final class ServiceKeys {
  public static final String SECTION = "services";
  public static final String CUSTOM_SECTION = "services.*.custom";
  public static final String SCALING_SECTION = "services.*.scaling";

  static final NameRule NAMES =
      new NameRule(Types.SERVICE_NAME, Types.SERVICE_NAME_EXPECTATION, List.of());
  static final NameRule CUSTOM_NAMES =
      new NameRule(
          "[A-Za-z_][A-Za-z0-9_.-]{0,127}",
          "a name of letters, digits, underscores, dots and hyphens (at most 128)",
          List.of());

  public static final Key<String> BUNDLE =
      Key.of(
          "services.*.bundle",
          new TextType(
              "[^\\x00-\\x1f\\x7f]{1,4096}", "a bundle's symbolic name, or the path of its jar"),
          "blackhole.*",
          "the bundle of the service's own name in the jar");

  public static final Key<Boolean> ENABLED =
      Key.of("services.*.enabled", Types.FLAG, "true", "the service starts with the node");

  public static final Key<List<String>> DEPENDS_ON =
      Key.of(
          "services.*.depends_on", Types.SERVICE_NAMES, "[]", "it starts with the first services");

  public static final Key<RemoteFallback> REMOTE_FALLBACK =
      Key.withoutDefault(
          "services.*.remote_fallback",
          ChoiceType.of(RemoteFallback.NEVER, RemoteFallback.READS, RemoteFallback.ALWAYS),
          "`never` for a service with data, `always` for one without");

  public static final Key<List<String>> JVM_ARGS =
      Key.of(
          "services.*.jvm_args",
          new ListType<>(
              new TextType(
                  "[^\\x00-\\x1f\\x7f]{1,4096}", "an argument for the JVM, such as -Xss1m"),
              "a list of arguments for the JVM"),
          "[]",
          "only the flags that follow from `max_memory`");

  public static final Key<Integer> INSTANCES =
      Key.of(
          "services.*.instances",
          new IntegerType(1, 1000),
          "1",
          "one process; with `scaling`, as many as it says");

  public static final Key<Integer> PORT =
      Key.withoutDefault(
          "services.*.port", new IntegerType(1, 65535), "the Unix socket only, no TCP");

  public static final Key<String> UNIX_SOCKET =
      Key.withoutDefault(
          "services.*.unix_socket",
          new TextType("/[^\\x00-\\x1f\\x7f]*[^\\x00-\\x1f\\x7f/]", "an absolute path of a file"),
          "`HOME/run/<service>-<n>.sock`");

  public static final Key<Integer> MIN_INSTANCES =
      Key.of(
          "services.*.scaling.min_instances",
          new IntegerType(1, 1000),
          "1",
          "one, if there is `scaling`; without it, no scaling");

  public static final Key<Integer> MAX_INSTANCES =
      Key.of(
          "services.*.scaling.max_instances",
          new IntegerType(1, 1000),
          "3",
          "three, if there is `scaling`");

  public static final Key<Double> CPU_SCALE_THRESHOLD =
      Key.of(
          "services.*.scaling.cpu_scale_threshold",
          Types.THRESHOLD,
          "0.8",
          "one more instance above 80 % of `max_cpu`; of the machine without one");

  public static final Key<Double> MEM_SCALE_THRESHOLD =
      Key.of(
          "services.*.scaling.mem_scale_threshold",
          Types.THRESHOLD,
          "0.8",
          "one more instance when 80 % of `-Xmx` are needed after a collection");

  public static final Key<Duration> SCALE_UP_COOLDOWN =
      Key.of(
          "services.*.scaling.scale_up_cooldown",
          Types.durationFrom(Duration.ZERO),
          "30s",
          "half a minute between two steps up, and of a process that does not count yet");

  public static final Key<Duration> SCALE_DOWN_COOLDOWN =
      Key.of(
          "services.*.scaling.scale_down_cooldown",
          Types.durationFrom(Duration.ZERO),
          "5m",
          "one instance less after five minutes under half of both thresholds");

  public static final Key<Object> CUSTOM =
      Key.withoutDefault(
          "services.*.custom.*",
          new CustomType(),
          "the service's own default for that setting of its component");

  static final List<Key<?>> ALL =
      List.of(
          BUNDLE,
          ENABLED,
          DEPENDS_ON,
          REMOTE_FALLBACK,
          JVM_ARGS,
          INSTANCES,
          PORT,
          UNIX_SOCKET,
          LimitKeys.MAX_MEMORY,
          LimitKeys.MAX_CPU,
          LimitKeys.CPU_PERIOD,
          LimitKeys.IO_PRIORITY,
          LimitKeys.MAX_FILE_DESC,
          LimitKeys.MAX_THREADS,
          RestartKeys.MAX_RESTARTS,
          RestartKeys.RESTART_DELAY,
          RestartKeys.BACKOFF_FACTOR,
          RestartKeys.MAX_BACKOFF,
          RestartKeys.JITTER,
          RestartKeys.WINDOW,
          CallKeys.MAX_MESSAGE_SIZE,
          CallKeys.TIMEOUT,
          CallKeys.MAX_RETRIES,
          CallKeys.MAX_CONCURRENT_CALLS,
          CallKeys.RATE_LIMIT,
          CallKeys.RETRY_INITIAL_DELAY,
          CallKeys.RETRY_MAX_DELAY,
          CallKeys.RETRY_MULTIPLIER,
          CallKeys.FAILURE_THRESHOLD,
          CallKeys.SUCCESS_THRESHOLD,
          CallKeys.HALF_OPEN_TIMEOUT,
          MIN_INSTANCES,
          MAX_INSTANCES,
          CPU_SCALE_THRESHOLD,
          MEM_SCALE_THRESHOLD,
          SCALE_UP_COOLDOWN,
          SCALE_DOWN_COOLDOWN,
          CUSTOM);

  private ServiceKeys() {}
}
