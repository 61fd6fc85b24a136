package blackhole.api.supervision;

import org.osgi.annotation.versioning.ProviderType;

/** From one orchestrator to the next. */
@ProviderType
public interface Handover {
  /**
   * Ends the orchestrator alone, soon after this returns. The hosts serve on, and the next one at
   * this home takes them over; without one they drain and exit after {@code stale_process_timeout}.
   *
   * @param who asks, for the journal
   * @throws SupervisionException when the hosts would not stay, or the node stops already, in words
   */
  void leaveHosts(String who);
}
