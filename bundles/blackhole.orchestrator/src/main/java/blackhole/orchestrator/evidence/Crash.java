package blackhole.orchestrator.evidence;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the JVM's report about a fault ({@code hs_err}) says at its top.
 *
 * @param what in words, for example {@code crashed with SIGSEGV in C [libc.so.6+0x85f14]}
 * @param signal of the fault; empty when it was none, as when memory ran out
 * @param outOfMemory whether the system had no more memory to give
 */
public record Crash(String what, Optional<String> signal, boolean outOfMemory) {
  private static final Pattern SIGNAL = Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x\\w+\\) at .*");
  private static final Pattern INTERNAL = Pattern.compile("#\\s+(Internal Error \\([^)]*\\)).*");
  private static final String NO_MEMORY = "# There is insufficient memory";
  private static final String FRAME = "# Problematic frame:";
  private static final String ALLOCATION = "# Native memory allocation ";

  /** Of the first lines of a report; empty for a file that is none. */
  public static Optional<Crash> of(List<String> report) {
    Optional<String> memory = startingWith(report, NO_MEMORY);
    if (memory.isPresent()) {
      String what = startingWith(report, ALLOCATION).orElse(memory.get()).substring(2).strip();
      return Optional.of(new Crash("out of memory (" + what + ")", Optional.empty(), true));
    }
    Optional<String> signal = matching(report, SIGNAL);
    Optional<String> fault = signal.or(() -> matching(report, INTERNAL));
    String where = frame(report).map(frame -> " in " + frame).orElse("");
    return fault.map(name -> new Crash("crashed with " + name + where, signal, false));
  }

  private static Optional<String> startingWith(List<String> report, String prefix) {
    return report.stream().filter(line -> line.startsWith(prefix)).findFirst();
  }

  private static Optional<String> matching(List<String> report, Pattern pattern) {
    return report.stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  private static Optional<String> frame(List<String> report) {
    int header = report.indexOf(FRAME);
    return header < 0 || header + 1 >= report.size()
        ? Optional.empty()
        : Optional.of(report.get(header + 1).substring(1).strip().replaceAll("\\s+", " "))
            .filter(frame -> !frame.isEmpty());
  }
}
