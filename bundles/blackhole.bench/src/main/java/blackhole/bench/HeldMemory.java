package blackhole.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM holds right after it has collected its garbage, asked of it by the JDK's jcmd.
 *
 * @param pssMegabytes proportional set size
 * @param liveMegabytes of its heap's objects
 */
public record HeldMemory(double pssMegabytes, double liveMegabytes) {
  private static final long LIMIT_SECONDS = 60;

  /** A generation's line, or that of a heap without any; not the one of Metaspace. */
  private static final Pattern USED =
      Pattern.compile("(?:generation|heap)\\s+total \\d+K, used (\\d+)K");

  public static HeldMemory of(long pid) throws IOException, InterruptedException {
    String unused = jcmd(pid, "GC.run");
    return new HeldMemory(
        ProcessMemory.pssMegabytes(pid), liveMegabytes(jcmd(pid, "GC.heap_info")));
  }

  /**
   * @throws IllegalArgumentException when there is no heap in it
   */
  static double liveMegabytes(String heapInfo) {
    Matcher used = USED.matcher(heapInfo);
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    if (kilobytes == 0) {
      throw new IllegalArgumentException("no heap in: " + heapInfo);
    }
    return kilobytes / 1024.0;
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(pid),
                    command))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("jcmd " + pid + " " + command + ": " + said);
    }
    return said;
  }
}
