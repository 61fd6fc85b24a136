package blackhole.orchestrator.update;

import blackhole.api.supervision.Updates.Outcome;
import blackhole.api.supervision.Updates.Version;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.trust.BundleTrust;
import blackhole.orchestrator.versions.Entry;
import blackhole.orchestrator.versions.Entry.Standing;
import blackhole.orchestrator.versions.VersionStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which versions of a service's bundle there are and were: what is in force, what the launcher has,
 * what was before, and what became of each. Reads and writes files; for the thread of updates, but
 * for the history.
 */
final class VersionBook {
  private static final Logger LOG = System.getLogger(VersionBook.class.getName());

  private final ServiceBundles bundles;
  private final VersionStore versions;
  private final BundleTrust trust;
  private final InstantSource clock;

  VersionBook(
      ServiceBundles bundles, VersionStore versions, BundleTrust trust, InstantSource clock) {
    this.bundles = bundles;
    this.versions = versions;
    this.trust = trust;
    this.clock = clock;
  }

  /** As {@link Updater#settle}. */
  List<String> settle(List<ServiceConfig> services) {
    List<String> unfinished = new ArrayList<>();
    for (ServiceConfig service : services) {
      try {
        if (!versions.history(service.name()).isEmpty() && settle(service)) {
          unfinished.add(service.name());
        }
      } catch (IOException | Candidate.RefusedException e) {
        LOG.log(
            Level.WARNING, "what is in force of " + service.name() + " cannot be looked after", e);
      }
    }
    return unfinished;
  }

  /**
   * Puts in force again what was so before an update that was not finished.
   *
   * @return whether there was such
   */
  boolean settle(ServiceConfig service) throws IOException, Candidate.RefusedException {
    return versions.settle(service.name(), builtin(service).sha256());
  }

  /** Keeps that this was refused, and why. */
  void refuse(
      ServiceConfig service,
      Candidate from,
      Optional<String> version,
      String sha256,
      String mode,
      String who,
      String why)
      throws IOException {
    keepBaseline(service.name(), from);
    versions.add(
        service.name(),
        new Entry(
            version, Optional.of(sha256), now(), who, Optional.of(mode), Standing.REFUSED, why));
  }

  /** What {@code rollback} goes back to. */
  Candidate previous(String service, Candidate from)
      throws IOException, Candidate.RefusedException {
    Entry entry =
        VersionStore.previous(versions.history(service), from.sha256())
            .orElseThrow(
                () ->
                    new Candidate.RefusedException(
                        "there is no other version of " + service + " to go back to"));
    Path jar = versions.jar(service, entry.sha256().orElseThrow());
    return Candidate.of(Candidate.bytes(jar), service + " " + entry.version().orElse("?"), trust);
  }

  /** What is in force. */
  Candidate present(ServiceConfig service) throws IOException, Candidate.RefusedException {
    return candidate(bundles.find(service).own());
  }

  /** What is in force without an installation: the launcher's, or the configuration's. */
  Candidate builtin(ServiceConfig service) throws IOException, Candidate.RefusedException {
    return candidate(bundles.configured(service).own());
  }

  private static Candidate candidate(Path jar) throws Candidate.RefusedException {
    return Candidate.of(Candidate.bytes(jar), jar.toString());
  }

  /** What was there before the first installation has its place in the history too. */
  Path keepBaseline(String service, Candidate from) throws IOException {
    Path jar = versions.keep(service, from.sha256(), from.bytes());
    List<Entry> history = versions.history(service);
    if (!knows(history, from)) {
      // a newer launcher has brought it, in the place of what it brought before
      if (history.stream().anyMatch(entry -> entry.standing() == Standing.CURRENT)) {
        versions.succeed(service);
      }
      versions.add(service, baseline(from, now()));
    }
    return jar;
  }

  /** Whether this is in force by the history, too. */
  private static boolean knows(List<Entry> history, Candidate one) {
    return history.stream()
        .anyMatch(
            entry ->
                entry.standing() == Standing.CURRENT
                    && entry.sha256().equals(Optional.of(one.sha256())));
  }

  private static Entry baseline(Candidate from, Instant when) {
    return new Entry(
        Optional.of(from.version().toString()),
        Optional.of(from.sha256()),
        when,
        Entry.LAUNCHER,
        Optional.empty(),
        Standing.CURRENT,
        "");
  }

  /** Oldest first, and what is in force as it is, whoever brought it. */
  List<Version> history(ServiceConfig service) throws IOException, Candidate.RefusedException {
    List<Entry> entries = new ArrayList<>(versions.history(service.name()));
    Candidate now = present(service);
    if (!knows(entries, now)) {
      entries.replaceAll(
          entry ->
              entry.standing() == Standing.CURRENT
                  ? entry.with(Standing.REPLACED, entry.message())
                  : entry);
      entries.add(
          baseline(now, Files.getLastModifiedTime(bundles.find(service).own()).toInstant()));
    }
    return entries.stream().map(VersionBook::version).toList();
  }

  private static Version version(Entry entry) {
    return new Version(
        entry.version(),
        entry.sha256(),
        entry.installed(),
        entry.by(),
        entry.mode(),
        switch (entry.standing()) {
          case CURRENT -> Outcome.CURRENT;
          case REPLACED -> Outcome.REPLACED;
          case ROLLED_BACK -> Outcome.ROLLED_BACK;
          case REFUSED -> Outcome.REFUSED;
          // under way: the one before it is current still
          case PENDING -> Outcome.REPLACED;
        },
        entry.standing() == Standing.PENDING ? "is being installed" : entry.message());
  }

  private Instant now() {
    return clock.instant();
  }
}
