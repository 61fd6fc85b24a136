package blackhole.launcher;

import blackhole.shell.text.ShortDuration;
import java.time.Duration;

/** Reads durations as people write them. */
final class Durations {
  private Durations() {}

  /**
   * {@code 500ms}, {@code 30s}, {@code 2m} or {@code 1h}.
   *
   * @throws LauncherException with code 2
   */
  static Duration parse(String option, String text) {
    return ShortDuration.parse(text)
        .orElseThrow(
            () ->
                LauncherException.usage(
                    option + " is not a duration: " + text, "write it as 500ms, 30s, 2m or 1h"));
  }
}
