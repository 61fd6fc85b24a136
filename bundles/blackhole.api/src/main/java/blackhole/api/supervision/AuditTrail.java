package blackhole.api.supervision;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps who changed what, for those who ask later. Thread-safe; writes and syncs while it is
 * called, and never fails for that: what cannot be kept is done all the same.
 */
@ProviderType
public interface AuditTrail {
  /**
   * Keeps that a change is asked for, before it is begun.
   *
   * @param user in whose name
   * @param arguments what it is about, as an operator would type it
   */
  Change asked(String user, String command, List<String> arguments);

  /** One change, to be told of its end. */
  interface Change {
    void done();

    /**
     * @param message why, in words
     */
    void failed(String message);
  }
}
