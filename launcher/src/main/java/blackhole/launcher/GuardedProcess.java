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
  /**
   * The kernel tells only of an end that comes after it was asked to; so whoever has asked looks
   * whether its parent is the one that it was given, and would be somebody else's child by now.
   */
  private static final String CHECK = "[ \"$PPID\" = \"$1\" ] || exit 1; shift; exec \"$@\"";

  private final ProcessBuilder builder;
  private final boolean ownSession;

  private GuardedProcess(ProcessBuilder builder, boolean ownSession) {
    this.builder = builder;
    this.ownSession = ownSession;
  }

  /** Wraps a command, with stdin empty and our own stdout and stderr. */
  static GuardedProcess of(ProcessBuilder jvm, PrintStream err) throws InterruptedException {
    List<String> wrapper = wrapper("KILL", ProcessHandle.current().pid());
    boolean wrapped = canRun(wrapper);
    if (wrapped) {
      List<String> command = new ArrayList<>(wrapper);
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

  /**
   * What stands before the command of a process that is in a session of its own, and gets a signal
   * when the thread that starts it ends. It does not even begin if that has happened before.
   *
   * @param parent the process that starts it
   */
  static List<String> wrapper(String signal, long parent) {
    return List.of(
        "setsid", "setpriv", "--pdeathsig", signal, "--", "sh", "-c", CHECK, "sh", "" + parent);
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
