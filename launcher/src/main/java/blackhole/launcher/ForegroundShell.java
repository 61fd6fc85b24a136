package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The shell that {@code run} ends in: attached once the node is up, and again after its
 * orchestrator was restarted. Who leaves it stops the node.
 */
final class ForegroundShell {
  private static final long FOREVER_MILLIS = TimeUnit.DAYS.toMillis(365);

  private final NodeHome home;
  private final Guardian guardian;
  private final ShellClient client;
  private final PrintStream err;

  ForegroundShell(
      NodeHome home, Guardian guardian, Map<String, String> environment, PrintStream err) {
    this.home = home;
    this.guardian = guardian;
    this.client = new ShellClient(true, environment);
    this.err = err;
  }

  void start() {
    Thread thread = new Thread(this::run, "foreground-shell");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!guardian.isStopping()) {
        SocketChannel node = ShellSocket.await(home.shellSocket(), FOREVER_MILLIS);
        if (node != null && client.run(node) == ShellClient.End.LEFT) {
          guardian.stop();
          return;
        }
        if (!guardian.isStopping()) {
          err.println("blackhole: lost the orchestrator; the shell comes back with it");
        }
      }
    } catch (IOException e) {
      err.println(
          "blackhole: no shell here: "
              + Reasons.of(e)
              + "; Ctrl-C stops the node, or use: "
              + Help.PROGRAM
              + " shell --home "
              + home);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
