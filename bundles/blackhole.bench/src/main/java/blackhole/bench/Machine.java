package blackhole.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What was measured on. The ratios are meant to hold elsewhere; the times are this machine's. */
final class Machine {
  /** More than this of its processors were busy before anything was measured. */
  private static final double BUSY = 0.25;

  private Machine() {}

  /** A line for people. */
  static String line() {
    Runtime.Version jdk = Runtime.version();
    return String.format(
        Locale.ROOT,
        "%d cores (%s), %s, %s %s, JDK %s (%s), load %.2f",
        processors(),
        value("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
        value("/proc/meminfo", "MemTotal").map(Machine::gigabytes).orElse("memory unknown"),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        jdk,
        System.getProperty("java.vendor"),
        load());
  }

  /** Whether somebody else is at work here, so that the figures say little. */
  static boolean isBusy() {
    return load() > BUSY * processors();
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Of the last minute. */
  private static double load() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Of the first line {@code name: value}. */
  private static Optional<String> value(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String gigabytes(String kilobytes) {
    long kb = Long.parseLong(kilobytes.replaceAll("[^0-9]", ""));
    return String.format(Locale.ROOT, "%.1f GB", kb / 1024.0 / 1024.0);
  }
}
