package blackhole.orchestrator.update;

import blackhole.api.supervision.Updates;
import blackhole.orchestrator.versions.Entry;
import blackhole.orchestrator.versions.VersionStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a version may take the place of another, as far as that can be told without running it.
 */
final class Admission {
  private Admission() {}

  /** Why not, in words; empty when it may. */
  static Optional<String> refusal(
      Candidate candidate, Candidate present, List<Entry> history, Updates.Options options) {
    String name = candidate.info().symbolicName();
    String expected = present.info().symbolicName();
    if (!name.equals(expected)) {
      return Optional.of("it is bundle " + name + ", expected " + expected);
    }
    if (candidate.fragment()) {
      return Optional.of("it is a fragment of another bundle, and no bundle");
    }
    if (!candidate.exportsJava().isEmpty()) {
      return Optional.of(
          "it exports " + String.join(", ", candidate.exportsJava()) + ", which is the JDK's");
    }
    if (candidate.info().data() != present.info().data()) {
      return Optional.of(
          "it declares Blackhole-Data: %s, and the version in force %s: that cannot change while it runs"
              .formatted(data(candidate), data(present)));
    }
    Optional<String> unreadable = unreadable(candidate, present, options);
    if (unreadable.isPresent()) {
      return unreadable;
    }
    int newer = candidate.version().compareTo(present.version());
    if (newer == 0) {
      return Optional.of(
          "it is version %s with other bytes than the %s in force: give it another version"
              .formatted(candidate.version(), present.version()));
    }
    boolean known = VersionStore.wasInstalled(history, candidate.sha256());
    return newer < 0 && !options.older() && !known
        ? Optional.of(
            "it is version %s, older than the %s in force, and was never installed;"
                    .formatted(candidate.version(), present.version())
                + " --allow-older takes it all the same")
        : Optional.empty();
  }

  private static Optional<String> unreadable(
      Candidate candidate, Candidate present, Updates.Options options) {
    Optional<String> forth = candidate.format().problemWith(present.format());
    if (forth.isPresent()) {
      return forth.map(
          words -> "version %s has left %s, as it reads it".formatted(present.version(), words));
    }
    return options.oneWay()
        ? Optional.empty()
        : present
            .format()
            .problemWith(candidate.format())
            .map(
                words ->
                    "it would leave %s, as version %s reads it, so there would be no way back;"
                            .formatted(words, present.version())
                        + " --no-rollback takes it all the same");
  }

  /** Why a version cannot be gone back to, in words; empty when it can. */
  static Optional<String> noWayBack(Candidate to, Candidate from) {
    return to.format()
        .problemWith(from.format())
        .map(
            words ->
                "version %s has left %s, as version %s reads it: there is no way back"
                    .formatted(from.version(), words, to.version()));
  }

  private static String data(Candidate candidate) {
    return candidate.info().data().name().toLowerCase(Locale.ROOT);
  }
}
