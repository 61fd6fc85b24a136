package blackhole.orchestrator.config.parser;

/**
 * One thing that is wrong, or at least odd, and where.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param key the full key; {@code syntax} or {@code file} where there is none
 * @param message what is wrong and what was expected
 */
public record Problem(String file, int line, int column, String key, String message) {
  /** {@code FILE:line:column key: message}. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + " " + key + ": " + message;
  }
}
