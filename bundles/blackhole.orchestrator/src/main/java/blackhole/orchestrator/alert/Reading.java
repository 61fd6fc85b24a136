package blackhole.orchestrator.alert;

import blackhole.orchestrator.config.AlertRule;
import java.util.Optional;

/**
 * What a rule says of one thing at one moment.
 *
 * @param message what is the matter, if anything is
 * @param reason why, with the numbers
 */
public record Reading(Key key, Level level, String message, String reason) {
  /**
   * Which alert it is about.
   *
   * @param service empty for the whole node
   * @param subject an instance, a caller, a file
   */
  public record Key(AlertRule rule, Optional<String> service, String subject) {}

  /** Between {@link #BAD} and {@link #GOOD} there is room, so that what swings is one alert. */
  public enum Level {
    BAD,
    /** Not bad enough to raise an alert, not good enough to resolve one. */
    BETWEEN,
    GOOD,
    /** Nothing is to be said: it is unknown, or somebody wants it so. */
    HELD
  }
}
