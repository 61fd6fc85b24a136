package blackhole.orchestrator.config.schema;

import java.util.regex.Pattern;

/**
 * Text of some form.
 *
 * @param pattern of the whole of it, as Java and ECMA read it alike
 */
public record TextType(String pattern, String expectation) implements ScalarType<String> {
  @Override
  public String parse(Scalar scalar) throws ValueException {
    if (!scalar.isText()) {
      throw scalar.refuse(
          scalar.kind() == Scalar.Kind.FLAG ? "is true or false" : "is a number",
          expectation + ", in quotes");
    }
    // DOTALL: a pattern means all characters, and refuses line breaks by naming them
    if (!Pattern.compile(pattern, Pattern.DOTALL).matcher(scalar.text()).matches()) {
      throw scalar.refuse(scalar.text().isEmpty() ? "is empty" : "is not valid here", expectation);
    }
    return scalar.text();
  }
}
