package blackhole.shell.gogo;

import blackhole.shell.command.Screen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** Draws on a terminal of JLine. */
final class TerminalScreen implements Screen {
  private final Terminal terminal;

  TerminalScreen(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Drawing open() {
    return new TerminalDrawing(terminal);
  }

  private static final class TerminalDrawing implements Drawing {
    /** How soon another size of the terminal, or an interrupt, is noticed. */
    private static final long LOOK_MILLIS = 100;

    private final Terminal terminal;
    private final Attributes before;
    private final SignalHandler interruptBefore;
    private volatile boolean interrupted;
    private Size shownFor;

    TerminalDrawing(Terminal terminal) {
      this.terminal = terminal;
      // Gogo would go on to the next line at once, and the prompt stand on a screen that is left
      this.interruptBefore = terminal.handle(Signal.INT, signal -> interrupted = true);
      this.before = terminal.enterRawMode();
      this.shownFor = terminal.getSize();
      // a screen of its own, so that what was there before comes back
      terminal.puts(Capability.enter_ca_mode);
      terminal.puts(Capability.cursor_invisible);
      terminal.puts(Capability.clear_screen);
      terminal.flush();
    }

    @Override
    public int columns() {
      return terminal.getWidth();
    }

    @Override
    public int rows() {
      return terminal.getHeight();
    }

    @Override
    public void show(String lines) {
      Size size = terminal.getSize();
      if (!size.equals(shownFor)) {
        // a terminal may break lines anew when it gets narrower
        terminal.puts(Capability.clear_screen);
        shownFor = size;
      }
      terminal.puts(Capability.cursor_home);
      List<String> all = lines.lines().toList();
      int shown = Math.min(all.size(), Math.max(1, size.getRows()));
      for (int i = 0; i < shown; i++) {
        terminal.writer().print(i == 0 ? "" : "\r\n");
        terminal.writer().print(cut(all.get(i), size.getColumns()));
        terminal.puts(Capability.clr_eol);
      }
      terminal.puts(Capability.clr_eos);
      terminal.flush();
    }

    /** A line as wide as the terminal may wrap; 0 columns are none that are known. */
    private static String cut(String line, int columns) {
      return columns <= 0 || line.codePointCount(0, line.length()) <= columns
          ? line
          : line.substring(0, line.offsetByCodePoints(0, columns));
    }

    @Override
    public int key(Duration timeout) throws IOException, InterruptedException {
      long until = System.nanoTime() + timeout.toNanos();
      while (true) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (interrupted) {
          return GONE;
        }
        long leftMillis = (until - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0 || !terminal.getSize().equals(shownFor)) {
          return NONE;
        }
        int read = terminal.reader().read(Math.min(LOOK_MILLIS, leftMillis));
        if (read != NonBlockingReader.READ_EXPIRED) {
          return read < 0 ? GONE : read;
        }
      }
    }

    @Override
    public void close() {
      terminal.puts(Capability.cursor_normal);
      terminal.puts(Capability.exit_ca_mode);
      terminal.setAttributes(before);
      terminal.flush();
      terminal.handle(Signal.INT, interruptBefore);
    }
  }
}
