package blackhole.shell.gogo;

import blackhole.shell.command.Arguments;
import blackhole.shell.command.Command;
import blackhole.shell.command.CommandException;
import blackhole.shell.command.Invocation;
import blackhole.shell.text.Suggestion;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command, run by its words, without Gogo's syntax and without a session. {@link #run} belongs
 * to one thread; {@link #interrupt} may come from any, before it and after it too.
 */
public final class CommandRun {
  private final GogoRuntime runtime;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final int columns;

  // guarded by this
  private @Nullable Thread running;
  private boolean interrupted;

  /**
   * @param columns the width of the terminal; 0 for none
   */
  public CommandRun(
      GogoRuntime runtime, InputStream in, OutputStream out, OutputStream err, int columns) {
    this.runtime = runtime;
    this.in = in;
    this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.columns = columns;
  }

  /**
   * Runs a command to its end.
   *
   * @param words its name, then its arguments
   * @return the exit code: 0, or 1 when it failed, and then the reason was printed
   */
  public int run(List<String> words) {
    begin();
    try {
      runCommand(words);
      return 0;
    } catch (Exception | Error e) {
      if (!isInterrupt(e)) {
        err.println(ErrorText.of(e, runtime.names()));
      }
      return 1;
    } finally {
      end();
      out.flush();
      err.flush();
    }
  }

  private void runCommand(List<String> words) throws Exception {
    String name = words.isEmpty() ? "" : words.get(0);
    Command command = runtime.find(name).orElseThrow(() -> unknown(name));
    Arguments arguments = Arguments.parse(command.usage(), words.subList(1, words.size()));
    if (arguments.wantsHelp()) {
      out.print(command.usage().help());
    } else {
      command.action().run(new Invocation(arguments, in, out, columns));
    }
  }

  private CommandException unknown(String name) {
    List<String> names = runtime.commands().stream().map(Command::name).toList();
    return new CommandException("unknown command '" + name + "'" + Suggestion.phrase(name, names));
  }

  private synchronized void begin() {
    running = Thread.currentThread();
    if (interrupted) {
      running.interrupt();
    }
  }

  private synchronized void end() {
    running = null;
    // what is printed last must still get out
    Thread.interrupted();
  }

  private synchronized boolean isInterrupt(Throwable e) {
    return interrupted || e instanceof InterruptedException;
  }

  /** Ends the command. */
  public synchronized void interrupt() {
    interrupted = true;
    if (running != null) {
      running.interrupt();
    }
  }
}
