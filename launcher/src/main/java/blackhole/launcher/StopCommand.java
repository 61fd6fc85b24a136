package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.shell.protocol.CommandRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
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
    long pid = holder();
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
    return awaitEnd(pid, "stopped");
  }

  /** The node ends its orchestrator alone: by a command, as a signal cannot say that. */
  int keepHosts() throws IOException, InterruptedException {
    long pid = holder();
    err.println("ends the orchestrator at " + home + " (PID " + pid + "), not its hosts");
    try (FrameChannel node = new FrameChannel(NodeConnection.open(home))) {
      node.write(new CommandRequest(List.of("leave"), 0).encode());
      int code = answer(node);
      return code == ExitCodes.DONE ? awaitEnd(pid, "gone; the hosts stay") : code;
    }
  }

  /** One that goes in the middle of its answer has done what it was asked. */
  private int answer(FrameChannel node) throws IOException {
    Frame frame;
    while ((frame = node.read()) != null) {
      if (frame.type() == FrameType.EXIT) {
        return frame.exitCode();
      }
      if (frame.type() == FrameType.STDERR) {
        err.write(frame.payload());
      }
    }
    return ExitCodes.DONE;
  }

  private long holder() throws IOException {
    long pid = LockHolder.pid(home.lock());
    if (pid == 0) {
      throw NodeConnection.noNode(home);
    }
    return pid;
  }

  private int awaitEnd(long pid, String done) throws IOException, InterruptedException {
    if (!HomeLock.awaitFree(home, timeout.toMillis())) {
      throw new LauncherException(
          ExitCodes.FAILED,
          "the node (PID " + pid + ") is still stopping after " + timeout.toSeconds() + " s",
          "wait with 'stop' again, or force it: kill -TERM " + pid);
    }
    err.println(done);
    return ExitCodes.DONE;
  }
}
