package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** Asks a node to stop, and waits until it has. */
final class StopCommand {
  private final NodeHome home;
  private final Duration timeout;
  private final PrintStream err;

  StopCommand(NodeHome home, Duration timeout, PrintStream err) {
    this.home = home;
    this.timeout = timeout;
    this.err = err;
  }

  int run() throws IOException, InterruptedException {
    long pid = LockHolder.pid(home.lock());

    if (pid == 0) {
      throw NodeConnection.noNode(home);
    }
    Optional<ProcessHandle> node = ProcessHandle.of(pid);
    if (node.isEmpty()) {
      throw LauncherException.failed(
          "the node at " + home + " runs in another container or PID namespace; stop it there");
    }
    // Between the look and the signal the node may have ended; a lock that is gone tells.
    err.println("stopping the node at " + home + " (PID " + pid + ")");
    if (!node.get().destroy() && HomeLock.isHeld(home)) {
      throw LauncherException.failed("PID " + pid + " belongs to another user");
    }
    if (!HomeLock.awaitFree(home, timeout.toMillis())) {
      throw new LauncherException(
          ExitCodes.FAILED,
          "the node (PID " + pid + ") is still stopping after " + timeout.toSeconds() + " s",
          "wait with 'stop' again, or force it: kill -TERM " + pid);
    }
    err.println("stopped");
    return ExitCodes.DONE;
  }
}
