package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What hosts say over their control streams. Thread-safe; returns at once. Whatever comes from a
 * generation that is not the present one is ignored.
 */
public interface HostEvents {
  /**
   * It has called back and proved who it is.
   *
   * @param archive whether a class-data archive is in use, in words
   */
  void helloed(InstanceId id, long generation, Optional<String> archive);

  /** It has got this far with its start. */
  void progress(InstanceId id, long generation, String step);

  /** Its endpoint is bound, and its service is there. */
  void ready(InstanceId id, long generation, OptionalInt port, Optional<String> bundleVersion);

  /** It cannot start, and exits. */
  void startFailed(InstanceId id, long generation, String reason);

  /** It takes no new calls from now on, and exits when those in flight are done. */
  void draining(InstanceId id, long generation, String reason);

  /** Its control stream ended; its process may live on. */
  void controlLost(InstanceId id, long generation);
}
