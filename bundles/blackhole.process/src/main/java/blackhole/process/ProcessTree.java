package blackhole.process;

import blackhole.api.process.ProcessIdentity;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Ends processes with all they have started. Java can signal one process at a time, and only a
 * signal to the whole group leaves no moment in which a member forks and gets away: that takes the
 * {@code kill} program. Without it, or where there was no {@code setsid} to make a group, the
 * descendants are ended one by one.
 */
final class ProcessTree {
  private static final Logger LOG = System.getLogger(ProcessTree.class.getName());

  /** It takes milliseconds; on a machine that is loaded, its start alone may take seconds. */
  private static final long KILL_PROGRAM_TIMEOUT_SECONDS = 10;

  private final ProcFs procFs;
  private final Optional<String> killProgram;

  ProcessTree(ProcFs procFs, Optional<String> killProgram) {
    this.procFs = procFs;
    this.killProgram = killProgram;
  }

  /** Ends a process and all it has started; nothing happens if it is another by now. */
  void kill(ProcessIdentity process) {
    // a handle remembers the start of the process it was made for, and signals no other; so the
    // handle first, then the look whether it is the right one
    Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
    if (handle.isEmpty() || !procFs.lives(process)) {
      return;
    }
    // those that have left the group are found while their parents still live
    List<ProcessHandle> descendants = handle.get().descendants().toList();
    killGroup(process.pid());
    handle.get().destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  /** Asks one process to end; nothing happens if it is another by now. */
  void terminate(ProcessIdentity process) {
    ProcessHandle.of(process.pid())
        .filter(handle -> procFs.lives(process))
        .ifPresent(ProcessHandle::destroy);
  }

  /**
   * Ends what is left of the group of a process that has ended. The kernel gives a number to no new
   * process as long as a group of that number has members: if one has it, our group is gone.
   */
  void killOrphans(long pid) {
    if (procFs.stat(pid).isEmpty() && procFs.groupLives(pid)) {
      killGroup(pid);
    }
  }

  private void killGroup(long group) {
    if (killProgram.isEmpty()) {
      return;
    }
    try {
      Process kill =
          new ProcessBuilder(killProgram.get(), "-KILL", "--", "-" + group)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      // its exit code says nothing: there is no group when setsid was missing or has not run yet
      if (!kill.waitFor(KILL_PROGRAM_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot run " + killProgram.get() + ": " + LaunchProblem.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
