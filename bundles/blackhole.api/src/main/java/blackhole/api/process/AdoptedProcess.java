package blackhole.api.process;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A process that an earlier run of this program started, and that lives on. It is not our child, so
 * nobody tells us of its end, and its exit code is not ours to read: {@link #onExit} completes
 * exceptionally, with an {@link java.io.IOException}, once it is certain that the process has
 * ended. It is looked at now and then. Thread-safe.
 */
@ProviderType
public interface AdoptedProcess extends RunningProcess {
  /**
   * There is a sign that it has ended: looks at once, and closely for a moment. Returns at once.
   */
  void look();
}
