package blackhole.launcher;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that is ours alone: in a session of its own, so that a terminal's Ctrl-C reaches only us,
 * and killed by the kernel when the thread that started it ends, however that comes about.
 */
final class GuardedProcess {
  private static final String[] WRAPPER = {"setsid", "setpriv", "--pdeathsig", "KILL", "--"};

  private final ProcessBuilder builder;
  private final boolean ownSession;

  private GuardedProcess(ProcessBuilder builder, boolean ownSession) {
    this.builder = builder;
    this.ownSession = ownSession;
  }

  /** Wraps a command, with stdin empty and our own stdout and stderr. */
  static GuardedProcess of(ProcessBuilder jvm, PrintStream err) throws InterruptedException {
    boolean wrapped = canRun(List.of(WRAPPER));
    if (wrapped) {
      List<String> command = new ArrayList<>(List.of(WRAPPER));
      command.addAll(jvm.command());
      jvm.command(command);
    } else {
      err.println(
          "blackhole: no setsid and setpriv of util-linux here: if this process is killed with -9,"
              + " the orchestrator stays");
    }
    jvm.redirectInput(new File("/dev/null"));
    jvm.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    jvm.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new GuardedProcess(jvm, wrapped);
  }

  /** Some systems have tools of these names that know less, so only trying tells. */
  static boolean canRun(List<String> wrapper) throws InterruptedException {
    List<String> probe = new ArrayList<>(wrapper);
    probe.add("true");
    try {
      Process process =
          new ProcessBuilder(probe)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts it; it lives no longer than the calling thread. */
  Process start() throws IOException {
    return builder.start();
  }

  /** False when a terminal's Ctrl-C reaches it without us. */
  boolean hasOwnSession() {
    return ownSession;
  }
}
