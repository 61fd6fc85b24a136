package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** Attaches a shell to the running node. */
final class ShellCommand {
  private final NodeHome home;
  private final Map<String, String> environment;
  private final PrintStream err;

  ShellCommand(NodeHome home, Map<String, String> environment, PrintStream err) {
    this.home = home;
    this.environment = environment;
    this.err = err;
  }

  int run() throws IOException, InterruptedException {
    if (!Tty.isInteractive()) {
      throw LauncherException.usage(
          "'shell' needs a terminal", "to run one line: " + Help.PROGRAM + " exec 'LINE'");
    }
    ShellClient client = new ShellClient(false, environment);
    if (client.run(NodeConnection.open(home)) == ShellClient.End.GONE) {
      err.println("blackhole: the node went away");
      return ExitCodes.FAILED;
    }
    return ExitCodes.DONE;
  }
}
