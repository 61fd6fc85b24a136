package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.schema.CallKeys;
import blackhole.orchestrator.config.schema.Durations;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.RestartKeys;
import blackhole.orchestrator.config.schema.ServiceKeys;
import blackhole.orchestrator.trust.BundleTrust;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** What must hold between the settings of one service. */
final class ServiceChecks {
  /** What the JDK binds and connects to: two bytes less than sockaddr_un holds. */
  private static final int MAX_SOCKET_PATH_BYTES = 106;

  private final Values values;
  private final BundleChecks bundles;
  private final Problems problems;

  ServiceChecks(Values values, BundleCatalog catalog, BundleTrust trust, Problems problems) {
    this.values = values;
    this.bundles = new BundleChecks(values, catalog, trust, problems);
    this.problems = problems;
  }

  void check(ServiceConfig service) {
    String name = service.name();
    ordered(RestartKeys.RESTART_DELAY, RestartKeys.MAX_BACKOFF, Durations::format, name);
    ordered(CallKeys.RETRY_INITIAL_DELAY, CallKeys.RETRY_MAX_DELAY, Durations::format, name);
    if (service.scaling().isPresent()) {
      ordered(ServiceKeys.MIN_INSTANCES, ServiceKeys.MAX_INSTANCES, String::valueOf, name);
      fixedAndScaled(name);
    }
    socket(service);
    bundles.check(service);
  }

  /** The first must not be greater; said where the user wrote one of them, at best the second. */
  private <T extends Comparable<? super T>> void ordered(
      Key<T> less, Key<T> more, Function<T, String> format, String name) {
    T least = values.get(less, name);
    T most = values.get(more, name);
    if (values.isRefused(less, name)
        || values.isRefused(more, name)
        || least.compareTo(most) <= 0) {
      return;
    }
    boolean atMore = values.isSet(more, name);
    Key<T> here = atMore ? more : less;
    Key<T> other = atMore ? less : more;
    String limit = format.apply(atMore ? least : most);
    problems.error(
        values.position(here.at(name)),
        here.at(name),
        format.apply(atMore ? most : least)
            + (atMore ? " is below " : " is above ")
            + lastName(other)
            + " ("
            + limit
            + (values.isSet(other, name) ? "" : " by default")
            + "), expected at "
            + (atMore ? "least " : "most ")
            + limit);
  }

  private static String lastName(Key<?> key) {
    return key.path().substring(key.path().lastIndexOf('.') + 1);
  }

  private void fixedAndScaled(String name) {
    if (values.isSet(ServiceKeys.INSTANCES, name)) {
      String path = ServiceKeys.INSTANCES.at(name);
      problems.error(
          values.position(path),
          path,
          "is there together with scaling, expected only one of the two");
    }
  }

  private void socket(ServiceConfig service) {
    String path = ServiceKeys.UNIX_SOCKET.at(service.name());
    service
        .unixSocket(service.maxInstances())
        .ifPresent(
            socket -> {
              int length = socket.getBytes(StandardCharsets.UTF_8).length;
              if (length > MAX_SOCKET_PATH_BYTES) {
                problems.error(
                    values.position(path),
                    path,
                    "is "
                        + length
                        + " bytes long, expected at most "
                        + MAX_SOCKET_PATH_BYTES
                        + ", the most that a Unix socket's path can hold");
              }
            });
    boolean several = service.maxInstances() > 1;
    if (several
        && service
            .unixSocket()
            .filter(s -> !s.contains(ServiceConfig.INSTANCE_PLACEHOLDER))
            .isPresent()) {
      problems.error(
          values.position(path),
          path,
          "is one path for up to "
              + service.maxInstances()
              + " instances, expected {instance} in it");
    }
  }
}
