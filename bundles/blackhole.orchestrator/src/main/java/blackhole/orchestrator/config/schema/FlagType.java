package blackhole.orchestrator.config.schema;

import java.util.Locale;
import java.util.Set;

/** True or false. */
public record FlagType() implements ScalarType<Boolean> {
  private static final Set<String> OLD_TRUE = Set.of("yes", "on", "y");
  private static final Set<String> OLD_FALSE = Set.of("no", "off", "n");

  @Override
  public String expectation() {
    return "true or false";
  }

  @Override
  public Boolean parse(Scalar scalar) throws ValueException {
    String text = scalar.text().toLowerCase(Locale.ROOT);
    boolean either = text.equals("true") || text.equals("false");
    if (scalar.kind() == Scalar.Kind.FLAG || (either && scalar.kind() == Scalar.Kind.REFERENCE)) {
      return text.equals("true");
    }
    if (either) {
      throw scalar.refuse("is a string", expectation() + ", without quotes");
    }
    if (scalar.kind() == Scalar.Kind.PLAIN_TEXT && OLD_TRUE.contains(text)) {
      throw scalar.refuse("is a string in YAML 1.2", "true");
    }
    if (scalar.kind() == Scalar.Kind.PLAIN_TEXT && OLD_FALSE.contains(text)) {
      throw scalar.refuse("is a string in YAML 1.2", "false");
    }
    throw scalar.refuse("is neither true nor false", expectation());
  }
}
