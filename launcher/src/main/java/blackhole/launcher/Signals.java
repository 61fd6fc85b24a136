package blackhole.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sun.misc.Signal;

/**
 * Signals. The JDK has no supported way to hear one without ending, so this is the one place for
 * {@code sun.misc.Signal}, which module {@code jdk.unsupported} keeps open for the purpose.
 */
final class Signals {
  private static final int SIGHUP = 1;

  private Signals() {}

  /** Runs the handler, on a thread of its own, each time this signal comes. */
  static void on(String name, Runnable handler) {
    Signal.handle(new Signal(name), signal -> handler.run());
  }

  /** Whether we were started to survive the terminal, as nohup does. */
  static boolean hangupIsIgnored() {
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("SigIgn:")) {
          return isIgnored(line.substring("SigIgn:".length()).strip(), SIGHUP);
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  /** Reads the kernel's mask: bit n − 1 of a hexadecimal number stands for signal n. */
  static boolean isIgnored(String mask, int signal) {
    return (Long.parseUnsignedLong(mask, 16) >> (signal - 1) & 1) == 1;
  }
}
