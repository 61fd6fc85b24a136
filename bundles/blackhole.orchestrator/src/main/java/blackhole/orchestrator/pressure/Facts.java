package blackhole.orchestrator.pressure;

import java.util.Locale;

/** Used and limit, in words. */
final class Facts {
  private static final long BYTES_PER_MB = 1 << 20;

  private Facts() {}

  static String memory(long used, long limit) {
    return used / BYTES_PER_MB + " MB of " + limit / BYTES_PER_MB + " MB" + percent(used, limit);
  }

  static String cores(double used, double limit) {
    return number(used) + " of " + number(limit) + " cores" + percent(used, limit);
  }

  static String percent(double ratio) {
    return Math.round(ratio * 100) + " %";
  }

  private static String percent(double used, double limit) {
    return " (" + percent(used / limit) + ")";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }
}
