package blackhole.orchestrator.versions;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of a service's history.
 *
 * @param version empty when it could not be read
 * @param sha256 empty when there was no file to read
 * @param mode how it was installed; empty for one that came with the launcher or the configuration
 * @param message why, where that is not plain; else empty
 */
public record Entry(
    Optional<String> version,
    Optional<String> sha256,
    Instant installed,
    String by,
    Optional<String> mode,
    Standing standing,
    String message) {
  /** Who is named for what nobody installed. */
  public static final String LAUNCHER = "launcher";

  public static final String IN_PLACE = "in-place";

  /** In new processes. */
  public static final String ROLLING = "rolling";

  /** What has become of it. */
  public enum Standing {
    /** It is being installed; found by a later orchestrator, it was not. */
    PENDING,
    CURRENT,
    REPLACED,
    ROLLED_BACK,
    REFUSED
  }

  public Entry with(Standing now, String why) {
    return new Entry(version, sha256, installed, by, mode, now, why);
  }

  boolean has(String digest) {
    return sha256.filter(digest::equals).isPresent();
  }
}
