package blackhole.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process holds. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /** Proportional set size: shared pages are divided among their holders. */
  public static double pssMegabytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      if (line.startsWith("Pss:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    throw new IOException("no Pss in smaps_rollup");
  }
}
