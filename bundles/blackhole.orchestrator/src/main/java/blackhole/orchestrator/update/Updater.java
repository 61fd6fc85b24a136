package blackhole.orchestrator.update;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Updates;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.plan.InstalledBundle;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.versions.Entry;
import blackhole.orchestrator.versions.Entry.Standing;
import blackhole.orchestrator.versions.VersionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries updates out, one at a time: checks, keeps the bytes, has a {@link Rollout} bring them to
 * the instances, and writes down what came of it. Thread-safe.
 */
public final class Updater implements Updates {
  /** Takes what was done with a service, and whether an operator should look into it. */
  @FunctionalInterface
  public interface Notes {
    void note(String service, String words, String who, boolean warning);
  }

  /** What an updater stands on. */
  public record Parts(
      Function<String, Optional<ServiceConfig>> services,
      ServiceBundles bundles,
      VersionStore versions,
      Fleet fleet,
      Duration startTimeout,
      InstantSource clock,
      Notes notes,
      ExecutorService executor) {}

  private final Parts parts;
  private final Map<String, Map<Outcome, Long>> counts = new ConcurrentHashMap<>();
  private volatile @Nullable InstanceId present;

  /**
   * @param parts whose executor has one thread, so that there is one update at a time
   */
  public Updater(Parts parts) {
    this.parts = parts;
  }

  /** One that can be carried out. */
  private record Job(
      String service, Candidate to, Candidate from, boolean builtin, boolean removed) {}

  @Override
  public CompletionStage<List<String>> update(
      String service, Path file, Options options, String who, Consumer<String> progress) {
    return run(service, who, () -> install(configured(service), file, options, who, progress));
  }

  @Override
  public CompletionStage<List<String>> rollback(
      String service, boolean builtin, String who, Consumer<String> progress) {
    return run(service, who, () -> goBack(configured(service), builtin, who, progress));
  }

  /** What an operator asked for. */
  @FunctionalInterface
  private interface Work {
    List<String> run() throws IOException, InterruptedException, Candidate.RefusedException;
  }

  private CompletionStage<List<String>> run(String service, String who, Work work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.run();
          } catch (Candidate.RefusedException e) {
            count(service, Outcome.REFUSED);
            parts.notes().note(service, "an update was refused: " + e.reason(), who, true);
            throw new SupervisionException(e.reason());
          } catch (IOException e) {
            throw new SupervisionException("cannot be updated: " + e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SupervisionException("the node is stopping");
          }
        },
        parts.executor());
  }

  private ServiceConfig configured(String service) {
    return parts
        .services()
        .apply(service)
        .orElseThrow(() -> new IllegalArgumentException("there is no service " + service));
  }

  private List<String> install(
      ServiceConfig service, Path file, Options options, String who, Consumer<String> progress)
      throws IOException, InterruptedException, Candidate.RefusedException {
    parts.versions().settle(service.name());
    byte[] bytes = Candidate.bytes(file);
    String name = file.getFileName().toString();
    Candidate from = present(service);
    Candidate to;
    try {
      to = Candidate.of(bytes, name);
    } catch (Candidate.RefusedException e) {
      refuse(service, from, Optional.empty(), Candidate.sha256(bytes), who, e.reason());
      throw e;
    }
    if (to.sha256().equals(from.sha256())) {
      return List.of(service.name() + " has " + to.version() + " already");
    }
    Optional<String> refusal =
        Admission.refusal(to, from, parts.versions().history(service.name()), options);
    if (refusal.isPresent()) {
      String why = name + " is refused: " + refusal.get();
      refuse(service, from, Optional.of(to.version().toString()), to.sha256(), who, why);
      throw new Candidate.RefusedException(why);
    }
    boolean builtin = to.sha256().equals(builtin(service).sha256());
    return carryOut(new Job(service.name(), to, from, builtin, options.removed()), who, progress);
  }

  private void refuse(
      ServiceConfig service,
      Candidate from,
      Optional<String> version,
      String sha256,
      String who,
      String why)
      throws IOException {
    keepBaseline(service.name(), from);
    parts
        .versions()
        .add(
            service.name(),
            new Entry(
                version,
                Optional.of(sha256),
                now(),
                who,
                Optional.of(Entry.IN_PLACE),
                Standing.REFUSED,
                why));
  }

  private List<String> goBack(
      ServiceConfig service, boolean wantsBuiltin, String who, Consumer<String> progress)
      throws IOException, InterruptedException, Candidate.RefusedException {
    String name = service.name();
    parts.versions().settle(name);
    Candidate from = present(service);
    Candidate builtin = builtin(service);
    if (wantsBuiltin && from.sha256().equals(builtin.sha256())) {
      // an installed version with the same bytes need not stay in the way of a later launcher
      parts.versions().choose(name, Optional.empty());
      return List.of(name + " has " + builtin.version() + " already, which is the launcher's");
    }
    Candidate to = wantsBuiltin ? builtin : previous(name, from);
    boolean isBuiltin = to.sha256().equals(builtin.sha256());
    return carryOut(new Job(name, to, from, isBuiltin, true), who, progress);
  }

  private Candidate previous(String service, Candidate from)
      throws IOException, Candidate.RefusedException {
    Entry entry =
        VersionStore.previous(parts.versions().history(service), from.sha256())
            .orElseThrow(
                () ->
                    new Candidate.RefusedException(
                        "there is no other version of " + service + " to go back to"));
    Path jar = parts.versions().jar(service, entry.sha256().orElseThrow());
    return Candidate.of(Candidate.bytes(jar), service + " " + entry.version().orElse("?"));
  }

  private Candidate present(ServiceConfig service) throws IOException, Candidate.RefusedException {
    return candidate(parts.bundles().find(service).own());
  }

  private Candidate builtin(ServiceConfig service) throws IOException, Candidate.RefusedException {
    return candidate(parts.bundles().configured(service).own());
  }

  private static Candidate candidate(Path jar) throws Candidate.RefusedException {
    return Candidate.of(Candidate.bytes(jar), jar.toString());
  }

  /** What was there before the first installation has its place in the history too. */
  private Path keepBaseline(String service, Candidate from) throws IOException {
    Path jar = parts.versions().keep(service, from.sha256(), from.bytes());
    List<Entry> history = parts.versions().history(service);
    boolean known =
        history.stream()
            .anyMatch(
                entry ->
                    entry.standing() == Standing.CURRENT
                        && entry.sha256().equals(Optional.of(from.sha256())));
    if (!known) {
      // a newer launcher has brought it, in the place of what it brought before
      if (history.stream().anyMatch(entry -> entry.standing() == Standing.CURRENT)) {
        parts.versions().succeed(service);
      }
      parts.versions().add(service, baseline(from, now()));
    }
    return jar;
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

  private List<String> carryOut(Job job, String who, Consumer<String> progress)
      throws IOException, InterruptedException, Candidate.RefusedException {
    String service = job.service();
    VersionStore versions = parts.versions();
    Path fromJar = keepBaseline(service, job.from());
    Path toJar = versions.keep(service, job.to().sha256(), job.to().bytes());
    String from = job.from().version().toString();
    String to = job.to().version().toString();
    versions.add(
        service,
        new Entry(
            Optional.of(to),
            Optional.of(job.to().sha256()),
            now(),
            who,
            Optional.of(Entry.IN_PLACE),
            Standing.PENDING,
            ""));
    Optional<String> before = InstalledBundle.digest(versions.home(), service);
    Optional<String> after = job.builtin() ? Optional.empty() : Optional.of(job.to().sha256());
    try {
      Rollout.Done done =
          new Rollout(
                  parts.fleet(),
                  service,
                  new Rollout.Build(from, fromJar),
                  new Rollout.Build(to, toJar),
                  job.removed(),
                  parts.startTimeout(),
                  who,
                  progress,
                  at -> present = at.orElse(null))
              .run(() -> versions.choose(service, after), () -> versions.choose(service, before));
      versions.succeed(service);
      count(service, Outcome.CURRENT);
      String words = words(from, to, done);
      parts.notes().note(service, words, who, false);
      return List.of(service + ": " + words);
    } catch (Rollout.FailedException e) {
      versions.amend(service, Standing.ROLLED_BACK, String.valueOf(e.getMessage()));
      count(service, Outcome.ROLLED_BACK);
      String words = "stays at " + from + ", as " + to + " failed: " + e.getMessage();
      parts.notes().note(service, words, who, true);
      throw new SupervisionException(service + " " + words);
    } catch (RuntimeException e) {
      versions.amend(service, Standing.ROLLED_BACK, e.toString());
      throw e;
    }
  }

  private static String words(String from, String to, Rollout.Done done) {
    String words = "updated from " + from + " to " + to;
    if (done.instances() == 0) {
      return words + ", which runs from the next start on";
    }
    return words
        + " in place, in "
        + done.instances()
        + (done.instances() == 1 ? " instance" : " instances")
        + "; calls were held for %.1f ms at most, %d were ended"
            .formatted(done.held().toNanos() / 1e6, done.ended());
  }

  private Instant now() {
    return parts.clock().instant();
  }

  @Override
  public List<Version> history(String service) {
    ServiceConfig config = configured(service);
    try {
      List<Entry> entries = new ArrayList<>(parts.versions().history(service));
      Candidate now = present(config);
      boolean known =
          entries.stream()
              .anyMatch(
                  entry ->
                      entry.standing() == Standing.CURRENT
                          && entry.sha256().equals(Optional.of(now.sha256())));
      if (!known) {
        entries.replaceAll(
            entry ->
                entry.standing() == Standing.CURRENT
                    ? entry.with(Standing.REPLACED, entry.message())
                    : entry);
        entries.add(
            baseline(
                now, Files.getLastModifiedTime(parts.bundles().find(config).own()).toInstant()));
      }
      return entries.stream().map(Updater::version).toList();
    } catch (IOException | Candidate.RefusedException e) {
      throw new SupervisionException("the history cannot be read: " + e.getMessage());
    }
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

  @Override
  public List<InstanceId> underWay() {
    InstanceId at = present;
    return at == null ? List.of() : List.of(at);
  }

  private void count(String service, Outcome outcome) {
    counts
        .computeIfAbsent(service, unused -> new ConcurrentHashMap<>())
        .merge(outcome, 1L, Long::sum);
  }

  @Override
  public Map<String, Map<Outcome, Long>> counts() {
    Map<String, Map<Outcome, Long>> copy = new TreeMap<>();
    counts.forEach((service, outcomes) -> copy.put(service, Map.copyOf(outcomes)));
    return copy;
  }
}
