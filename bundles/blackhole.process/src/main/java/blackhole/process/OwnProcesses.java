package blackhole.process;

import java.util.Optional;

/** Tells the processes of this node from those of others on this machine. */
final class OwnProcesses {
  private OwnProcesses() {}

  /** This process, its guardian if that runs the same JVM, and all that descends from either. */
  static boolean contains(long pid) {
    ProcessHandle self = ProcessHandle.current();
    Optional<ProcessHandle> guardian =
        self.parent().filter(parent -> runsSameProgram(parent, self));
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    while (handle.isPresent()) {
      if (handle.get().equals(self) || handle.equals(guardian)) {
        return true;
      }
      handle = handle.get().parent();
    }
    return false;
  }

  private static boolean runsSameProgram(ProcessHandle parent, ProcessHandle self) {
    Optional<String> program = parent.info().command();
    return program.isPresent() && program.equals(self.info().command());
  }
}
