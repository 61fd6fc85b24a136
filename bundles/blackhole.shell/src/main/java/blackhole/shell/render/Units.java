package blackhole.shell.render;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Quantities as people read them. */
public final class Units {
  private static final String[] BYTES = {"B", "KB", "MB", "GB", "TB"};

  private Units() {}

  /** The two units that matter: {@code 45s}, {@code 3m 12s}, {@code 5h 3m}, {@code 12d 4h}. */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
    return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
  }

  /** Powers of 1024, three digits at most: {@code 82 MB}, {@code 1.4 GB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < BYTES.length - 1) {
      value /= 1024;
      unit++;
    }
    String format = unit == 0 || value >= 9.95 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, BYTES[unit]);
  }

  /** Hundredths of a core. */
  public static String cores(double cores) {
    return String.format(Locale.ROOT, "%.2f", cores);
  }

  /** ISO-8601 in UTC, to the millisecond. */
  public static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
