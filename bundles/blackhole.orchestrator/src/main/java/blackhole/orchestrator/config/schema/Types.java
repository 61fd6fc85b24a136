package blackhole.orchestrator.config.schema;

import java.time.Duration;
import java.util.List;

/** Types that several tables of keys use. */
final class Types {
  static final long KB = 1L << 10;
  static final long MB = 1L << 20;
  static final long GB = 1L << 30;

  static final ScalarType<Boolean> FLAG = new FlagType();
  static final ScalarType<Double> FRACTION = new FractionType(true);
  static final ScalarType<Double> THRESHOLD = new FractionType(false);
  static final ScalarType<Double> FACTOR = NumberType.from(1, 100);

  /** Names are parts of paths, of host ids and of gRPC targets. */
  static final String SERVICE_NAME = "[a-z][a-z0-9-]{0,62}";

  static final String SERVICE_NAME_EXPECTATION =
      "a name of lower-case letters, digits and hyphens that starts with a letter (at most 63)";

  static final ValueType<List<String>> SERVICE_NAMES =
      new ListType<>(
          new TextType(SERVICE_NAME, "the name of a service"),
          "a list of services such as [identity, storage]");

  static final ScalarType<String> PEM_PATH =
      new TextType("[^\\x00-\\x1f\\x7f]{1,4096}", "the path of a PEM file");

  private static final Duration YEAR = Duration.ofDays(365);

  private Types() {}

  static ScalarType<Duration> durationFrom(Duration min) {
    return new DurationType(min, YEAR);
  }

  static ScalarType<Duration> positiveDuration() {
    return durationFrom(Duration.ofMillis(1));
  }
}
