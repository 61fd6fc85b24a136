package blackhole.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process may ask for its children, by its capabilities and its own limits.
 *
 * @param lowestNice the most favoured nice value it may set
 * @param mostOpenFiles the highest limit of open files it may set
 */
record Privileges(int lowestNice, long mostOpenFiles) {
  private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s*([0-9a-f]+)");
  private static final Pattern NICE = Pattern.compile("Max nice priority\\s+\\S+\\s+(\\d+)");
  private static final Pattern FILES = Pattern.compile("Max open files\\s+\\S+\\s+(\\d+)");
  private static final int CAP_SYS_NICE = 23;
  private static final int CAP_SYS_RESOURCE = 24;
  private static final int LEAST_NICE = -20;

  static Privileges ofThisProcess(Path proc) {
    return parse(
        read(proc.resolve("self/status")),
        read(proc.resolve("self/limits")),
        read(proc.resolve("sys/fs/nr_open")));
  }

  /** From the files' text; what cannot be read is not allowed. */
  static Privileges parse(String status, String limits, String openFilesOfSystem) {
    Matcher capabilities = CAPABILITIES.matcher(status);
    long effective = capabilities.find() ? Long.parseUnsignedLong(capabilities.group(1), 16) : 0;
    // RLIMIT_NICE counts from 1 for nice 19 to 40 for nice -20; 0 means nothing below 0
    long niceLimit = number(NICE, limits);
    int lowestNice = has(effective, CAP_SYS_NICE) ? LEAST_NICE : (int) Math.min(0, 20 - niceLimit);
    long files =
        has(effective, CAP_SYS_RESOURCE) && !openFilesOfSystem.isBlank()
            ? Long.parseLong(openFilesOfSystem.trim())
            : number(FILES, limits);
    return new Privileges(Math.max(LEAST_NICE, lowestNice), files);
  }

  private static boolean has(long capabilities, int capability) {
    return (capabilities >> capability & 1) == 1;
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** Empty when it cannot be read. */
  static String read(Path file) {
    try {
      // in one piece: of a number in /proc/sys, Files.readString gets the first digit only, as it
      // begins with a single byte, and the kernel gives nothing from any place but the start
      return new ProcReader().text(file);
    } catch (IOException e) {
      return "";
    }
  }
}
