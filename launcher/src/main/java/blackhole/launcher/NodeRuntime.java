package blackhole.launcher;

import java.io.IOException;

/**
 * The second stage: what a node's processes are started with. Found by {@link
 * java.util.ServiceLoader}, so that commands that need none load none.
 *
 * <p>Both methods first unpack what is missing, and are quick when nothing is; the orchestrator's
 * is asked again before each restart. The command's first word is the JVM itself: the caller puts
 * its own wrappers before it, and sets the streams.
 */
public interface NodeRuntime {
  /**
   * The orchestrator's JVM.
   *
   * @throws LauncherException when it can't be started for a reason that the user can mend
   */
  ProcessBuilder orchestrator(RunOptions options) throws IOException;

  /**
   * The JVM of one service host that runs without an orchestrator.
   *
   * @throws LauncherException as above; with code 2 for a name that is not configured
   */
  ProcessBuilder service(String name, RunOptions options) throws IOException;
}
