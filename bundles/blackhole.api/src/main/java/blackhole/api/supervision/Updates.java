package blackhole.api.supervision;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Other versions of services' bundles, put in the place of those that serve while calls flow.
 * Thread-safe: updates are carried out one after the other, and each is answered. Its stage
 * completes with what was done, in lines for an operator, or exceptionally with an {@link
 * IllegalArgumentException} (unknown service) or a {@link SupervisionException}, whose message says
 * why the version that was there serves on.
 */
@ProviderType
public interface Updates {
  /**
   * Installs a version, and keeps it: it is in force until another takes its place.
   *
   * @param file the bundle, which is copied
   * @param who asks, for the history and the journal
   * @param progress hears what is done, on any thread, one step at a time; must not block
   */
  CompletionStage<List<String>> update(
      String service, Path file, Options options, String who, Consumer<String> progress);

  /**
   * As {@link #update}, of a bundle that is fetched first, from where the configuration allows it.
   *
   * @param url with http: or https:
   * @param sha256 of its bytes, in hex
   */
  CompletionStage<List<String>> fetch(
      String service,
      String url,
      String sha256,
      Options options,
      String who,
      Consumer<String> progress);

  /**
   * Goes back to the version that was in force before.
   *
   * @param builtin to that of the launcher or of the configuration, whatever was before
   * @param rolling in new processes, as {@link #replace}
   */
  CompletionStage<List<String>> rollback(
      String service, boolean builtin, boolean rolling, String who, Consumer<String> progress);

  /**
   * Gives all instances of a service that run new processes, one after the other, each watched
   * before the next: with the version that is in force, and all else that is configured by then.
   * Where its data and addresses allow it, one instance more serves meanwhile; otherwise callers
   * wait while one process ends and the next one starts.
   */
  CompletionStage<List<String>> replace(String service, String who, Consumer<String> progress);

  /**
   * What was installed, or was to be, the oldest first; at least the version in force.
   *
   * @throws SupervisionException when it cannot be read
   */
  List<Version> history(String service);

  /** The instances that are being updated now. */
  List<InstanceId> underWay();

  /**
   * How updates and rollbacks have ended since the orchestrator's start, by service: {@link
   * Outcome#CURRENT} for those that came into force.
   */
  Map<String, Map<Outcome, Long>> counts();

  /**
   * What an operator allows.
   *
   * @param older a version older than the one in force, which was never installed
   * @param removed that methods are gone
   * @param oneWay that the version in force could not read the data that the new one writes
   * @param rolling no change in place, but new processes, as {@link #replace}
   */
  record Options(boolean older, boolean removed, boolean oneWay, boolean rolling) {}

  /** What became of a version. */
  enum Outcome {
    CURRENT,
    REPLACED,
    ROLLED_BACK,
    REFUSED
  }

  /**
   * One installation, or an attempt at it.
   *
   * @param version empty when it could not be read
   * @param sha256 of the file, in hex; empty when there was none
   * @param installed by the wall clock
   * @param by who wanted it; {@code launcher} for one that came with it or with the configuration
   * @param mode how; empty for one that nobody installed
   * @param message why, where that is not plain; else empty
   */
  record Version(
      Optional<String> version,
      Optional<String> sha256,
      Instant installed,
      String by,
      Optional<String> mode,
      Outcome outcome,
      String message) {}
}
