package blackhole.orchestrator.config.schema;

/**
 * A single value as it stands in the file.
 *
 * @param kind what YAML's Core schema makes of it
 * @param text its content, with references resolved
 * @param shown how to quote it in a message: as written, so that a resolved secret never shows
 */
public record Scalar(Kind kind, String text, String shown) {
  /** The types of YAML 1.2's Core schema, and two of our own. */
  public enum Kind {
    PLAIN_TEXT,
    QUOTED_TEXT,
    INTEGER,
    DECIMAL,
    FLAG,
    NOTHING,
    /** It contained {@code ${env:NAME}} or {@code ${file:PATH}}, so it may become any type. */
    REFERENCE
  }

  /** Whether its text may be read as a size, a duration or a percentage. */
  boolean isText() {
    return kind == Kind.PLAIN_TEXT || kind == Kind.QUOTED_TEXT || kind == Kind.REFERENCE;
  }

  /** "{@code shown} {@code what}, expected {@code expected}". */
  ValueException refuse(String what, String expected) {
    return new ValueException(shown + " " + what + ", expected " + expected);
  }
}
