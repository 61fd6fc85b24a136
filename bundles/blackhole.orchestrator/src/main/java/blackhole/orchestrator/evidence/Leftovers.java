package blackhole.orchestrator.evidence;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files that a process may have left with its last breath; any of them may be missing,
 * cut short, or written by somebody else.
 */
public final class Leftovers {
  private static final Logger LOG = System.getLogger(Leftovers.class.getName());
  private static final int REPORT_HEAD_BYTES = 8 << 10;

  private Leftovers() {}

  /**
   * @param output the last lines of its stdout and stderr
   * @param cgroupKill in words, when the kernel killed it for its memory
   */
  public static Findings of(
      List<String> output, Path crashReport, Path heapDump, Optional<String> cgroupKill) {
    Optional<Path> report = Optional.of(crashReport).filter(Files::isRegularFile);
    return new Findings(
        cgroupKill,
        Exhaustion.find(output),
        report.flatMap(Leftovers::crash),
        report,
        Optional.of(heapDump).filter(Files::isRegularFile));
  }

  private static Optional<Crash> crash(Path report) {
    try (var in = Files.newInputStream(report)) {
      String head = new String(in.readNBytes(REPORT_HEAD_BYTES), StandardCharsets.UTF_8);
      return Crash.of(head.lines().toList());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read " + report, e);
      return Optional.empty();
    }
  }
}
