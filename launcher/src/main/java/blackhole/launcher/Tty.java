package blackhole.launcher;

import blackhole.shell.protocol.WindowSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The terminal we stand on, by way of {@code stty}: the JDK has no calls for it. Thread-safe.
 *
 * <p>{@code System.console()} does not tell whether there is one: since JDK 22 it is never null.
 */
final class Tty {
  private static final Object LOCK = new Object();

  // guarded by LOCK
  private static @Nullable String saved;
  private static boolean hooked;

  private Tty() {}

  /** Whether a file descriptor of ours is a terminal. */
  static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether somebody can talk to us: a terminal on both sides, and we are in its foreground. */
  static boolean isInteractive() {
    return isTerminal(0) && isTerminal(1) && isInForeground();
  }

  /** A job in the background would be stopped by the kernel as soon as it touched the terminal. */
  private static boolean isInForeground() {
    try {
      return isInForeground(
          Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false;
    }
  }

  /** Fields 5 and 8: our process group, and the one in the terminal's foreground. */
  static boolean isInForeground(String stat) {
    // The second field is a name in parentheses that may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return fields.length > 5 && fields[2].equals(fields[5]);
  }

  /** Its size now, or a common one where that can't be told. */
  static WindowSize size() {
    try {
      String[] answer = stty("size").strip().split(" ", -1);
      if (answer.length == 2) {
        return WindowSize.of(Integer.parseInt(answer[1]), Integer.parseInt(answer[0]));
      }
    } catch (IOException | NumberFormatException e) {
      return WindowSize.DEFAULT;
    }
    return WindowSize.DEFAULT;
  }

  /**
   * Hands over every key as it is typed, Ctrl-C too, until {@link #restore} or the end of this
   * process. Output keeps its processing: other processes print lines to this terminal as well.
   */
  static void raw() throws IOException {
    synchronized (LOCK) {
      if (saved != null) {
        return;
      }
      String before = stty("-g").strip();
      if (!hooked) {
        Runtime.getRuntime().addShutdownHook(new Thread(Tty::restore, "restore-terminal"));
        hooked = true;
      }
      saved = before;
      stty("-icanon -echo -isig -iexten -ixon -icrnl -inlcr min 1 time 0".split(" "));
    }
  }

  static void restore() {
    synchronized (LOCK) {
      if (saved == null) {
        return;
      }
      try {
        stty(saved);
      } catch (IOException e) {
        // The terminal is gone, and with it what there was to restore.
      }
      saved = null;
    }
  }

  private static String stty(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("stty");
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("stty " + arguments[0] + " failed: is this a terminal?");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
