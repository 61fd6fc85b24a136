package blackhole.api.process;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Starts processes and finds those started earlier. Thread-safe. */
@ProviderType
public interface ProcessLauncher {
  /**
   * Starts a process in a session and process group of its own, so that a terminal's Ctrl-C does
   * not reach it and one kill ends all it started.
   *
   * @throws IOException with the reason in words (no such program, too many open files, ...)
   */
  RunningProcess launch(ProcessSpec spec) throws IOException;

  /**
   * Takes over a process that an earlier run of this program launched. Who it is has to be certain.
   *
   * @param group what it is held by, and which knows it; closed when the process has ended
   */
  AdoptedProcess adopt(ProcessIdentity process, ProcessGroup group);

  /** The process with this number, if there is one now. */
  Optional<ProcessIdentity> find(long pid);

  /**
   * The value of a variable in the environment that a process was started with; empty when the
   * process is gone, is not exactly this one, belongs to another user, or has no such variable.
   */
  Optional<String> environment(ProcessIdentity process, String variable);

  /**
   * Ends a process that is not our child, and its group; nothing happens if it is another by now.
   */
  void kill(ProcessIdentity process);

  /** As {@link #kill}, by SIGTERM, for the process alone. */
  void terminate(ProcessIdentity process);
}
