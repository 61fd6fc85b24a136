package blackhole.orchestrator.config.schema;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A duration within bounds, both inclusive. */
public record DurationType(Duration min, Duration max) implements ScalarType<Duration> {
  private static final String FORM = "a duration such as 500ms, 30s or 5m";

  @Override
  public String expectation() {
    return FORM + ", from " + Durations.format(min) + " to " + Durations.format(max);
  }

  @Override
  public Duration parse(Scalar scalar) throws ValueException {
    if (!scalar.isText() || !Durations.matches(scalar.text())) {
      throw refuseForm(scalar);
    }
    Optional<Duration> duration = Durations.parse(scalar.text());
    if (duration.isEmpty() || duration.get().compareTo(max) > 0) {
      throw scalar.refuse("is too long", "at most " + Durations.format(max));
    }
    if (duration.get().compareTo(min) < 0) {
      throw scalar.refuse("is too short", "at least " + Durations.format(min));
    }
    return duration.get();
  }

  private ValueException refuseForm(Scalar scalar) {
    if (scalar.text().startsWith("-")) {
      return scalar.refuse("is negative", expectation());
    }
    if (CoreNumbers.decimal(scalar.text()).isPresent()) {
      return scalar.refuse("has no unit", expectation());
    }
    String lower = scalar.text().toLowerCase(Locale.ROOT);
    if (scalar.kind() != Scalar.Kind.REFERENCE && Durations.matches(lower)) {
      return scalar.refuse("is not a duration", lower + " (units are lower case)");
    }
    return scalar.refuse("is not a duration", expectation());
  }
}
