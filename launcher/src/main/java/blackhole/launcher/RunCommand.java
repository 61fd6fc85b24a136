package blackhole.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** Runs a node: holds its home, guards its orchestrator, and gives the terminal to its shell. */
final class RunCommand {
  private final RunOptions options;
  private final NodeRuntime runtime;
  private final Map<String, String> environment;
  private final PrintStream err;

  RunCommand(
      RunOptions options, NodeRuntime runtime, Map<String, String> environment, PrintStream err) {
    this.options = options;
    this.runtime = runtime;
    this.environment = environment;
    this.err = err;
  }

  int run() throws IOException, InterruptedException {
    options.home().create();
    try (HomeLock lock = HomeLock.acquire(options.home())) {
      Guardian guardian =
          new Guardian(() -> GuardedProcess.of(runtime.orchestrator(options), err), err);
      guardian.listen(Tty.isInteractive());
      OwnClasses.loadInBackground();
      if (options.attached()) {
        new ForegroundShell(options.home(), guardian, environment, err).start();
      }
      int code = guardian.run();
      options.home().removeShortFolder();
      return code;
    } finally {
      Tty.restore();
    }
  }
}
