package blackhole.api.process;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** A process in a process group of its own, started here or adopted. Thread-safe. */
@ProviderType
public interface RunningProcess {
  ProcessIdentity identity();

  /**
   * Completes when the process has ended, with its exit code: what it passed to exit, or 128 + n
   * when signal n ended it; exceptionally when it has ended, but the code cannot be known.
   */
  CompletionStage<Integer> onExit();

  /** Asks it to end (SIGTERM), it alone. */
  void terminate();

  /** Ends it and all it has started (SIGKILL to the process group). */
  void kill();
}
