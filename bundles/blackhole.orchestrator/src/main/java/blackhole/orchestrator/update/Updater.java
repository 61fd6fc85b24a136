package blackhole.orchestrator.update;

import blackhole.api.observe.Step;
import blackhole.api.observe.Tracer;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Updates;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.plan.InstalledBundle;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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

  /** Makes something another for the processes that start from then on. May block. */
  @FunctionalInterface
  public interface Force {
    void put() throws IOException;
  }

  /**
   * What an updater stands on.
   *
   * @param tracer each update is a trace of its own
   * @param trust who may have signed a bundle
   * @param sources what a URL has to begin with
   */
  public record Parts(
      Function<String, Optional<ServiceConfig>> services,
      ServiceBundles bundles,
      VersionStore versions,
      Fleet fleet,
      Supplier<Duration> startTimeout,
      InstantSource clock,
      Notes notes,
      Tracer tracer,
      BundleTrust trust,
      List<String> sources,
      ExecutorService executor) {}

  private static final Logger LOG = System.getLogger(Updater.class.getName());
  private static final String FROM_NEXT_START = ", which runs from the next start on";

  private final Parts parts;
  private final Map<String, Map<Outcome, Long>> counts = new ConcurrentHashMap<>();
  private volatile @Nullable InstanceId present;

  /** What is under way; of the executor's one thread. */
  private Step trace = Step.NONE;

  private final Turns turns = new Turns();

  /**
   * @param parts whose executor has one thread, so that there is one update at a time
   */
  public Updater(Parts parts) {
    this.parts = parts;
  }

  /** One that can be carried out. */
  private record Job(
      String service,
      Candidate to,
      Candidate from,
      boolean builtin,
      boolean removed,
      boolean rolling) {
    String mode() {
      return mode(rolling);
    }

    static String mode(boolean rolling) {
      return rolling ? Entry.ROLLING : Entry.IN_PLACE;
    }
  }

  @Override
  public CompletionStage<List<String>> update(
      String service, Path file, Options options, String who, Consumer<String> progress) {
    Origin origin = () -> Candidate.bytes(file);
    String name = file.getFileName().toString();
    return run(
        "update",
        service,
        who,
        () -> install(configured(service), origin, name, options, who, progress));
  }

  @Override
  public CompletionStage<List<String>> fetch(
      String service,
      String url,
      String sha256,
      Options options,
      String who,
      Consumer<String> progress) {
    Origin origin = () -> new BundleSources(parts.sources()).fetch(url, sha256);
    return run(
        "update",
        service,
        who,
        () -> install(configured(service), origin, url, options, who, progress));
  }

  @Override
  public CompletionStage<List<String>> rollback(
      String service, boolean builtin, boolean rolling, String who, Consumer<String> progress) {
    return run(
        "roll back",
        service,
        who,
        () -> goBack(configured(service), builtin, rolling, who, progress));
  }

  @Override
  public CompletionStage<List<String>> replace(
      String service, String who, Consumer<String> progress) {
    return run(
        "replace",
        service,
        who,
        () -> {
          ServiceConfig unused = configured(service);
          return List.of(replace(service, Replacements.Change.NONE, who, progress));
        });
  }

  private String replace(
      String service, Replacements.Change change, String who, Consumer<String> progress)
      throws IOException, InterruptedException {
    try {
      int replaced = replacements(service, who, progress).run(change);
      String words = "has new processes, in " + instances(replaced);
      parts.notes().note(service, words, who, false);
      return service + ": " + words;
    } catch (Replacements.FailedException e) {
      String words = "was not replaced in all instances: " + e.getMessage();
      parts.notes().note(service, words, who, true);
      throw new SupervisionException(service + " " + words);
    }
  }

  /**
   * Does something that must not go on beside an update; none begins before it has ended. Refused
   * with a {@link SupervisionException} when there is an update, or another of these.
   *
   * @param what in words, such as "the node is being painted"
   */
  public <T> CompletionStage<T> alone(String what, Callable<T> work) {
    try {
      turns.enterAlone(what);
    } catch (SupervisionException e) {
      return CompletableFuture.failedStage(e);
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SupervisionException("the node is stopping");
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new SupervisionException(String.valueOf(e.getMessage()));
          } finally {
            turns.leave(what);
          }
        },
        parts.executor());
  }

  /**
   * Gives a service new processes, as {@link #replace}, with something that is to be another for
   * them. Blocks; for work that was {@linkplain #alone handed in}.
   *
   * @param forward makes it so for what starts from then on
   * @param back makes it as before, when one does not get there
   * @throws SupervisionException when one did not, and all have what was before
   */
  public String replaceNow(
      String service, Force forward, Force back, String who, Consumer<String> progress)
      throws IOException, InterruptedException {
    return replace(service, new Replacements.Change(forward::put, back::put, true), who, progress);
  }

  private Replacements replacements(String service, String who, Consumer<String> progress) {
    return new Replacements(
        parts.fleet(),
        service,
        parts.startTimeout().get(),
        who,
        progress,
        at -> present = at.orElse(null),
        trace);
  }

  /**
   * Puts in force again, before any host is started, what was so before an update that an earlier
   * orchestrator has not finished. Reads and writes files.
   *
   * @return the services that had such
   */
  public List<String> settle(List<ServiceConfig> services) {
    List<String> unfinished = new ArrayList<>();
    for (ServiceConfig service : services) {
      try {
        if (!parts.versions().history(service.name()).isEmpty() && settle(service)) {
          unfinished.add(service.name());
        }
      } catch (IOException | Candidate.RefusedException e) {
        LOG.log(
            Level.WARNING, "what is in force of " + service.name() + " cannot be looked after", e);
      }
    }
    return unfinished;
  }

  private boolean settle(ServiceConfig service) throws IOException, Candidate.RefusedException {
    return parts.versions().settle(service.name(), builtin(service).sha256());
  }

  /** Has the hosts of such a service run what is in force. */
  public CompletionStage<List<String>> recover(String service, String who) {
    return run(
        "recover",
        service,
        who,
        () -> {
          Candidate in = present(configured(service));
          Path file = parts.bundles().find(configured(service)).own();
          Rollout.Build build = new Rollout.Build(in.version().toString(), file);
          rollout(service, build, build, true, who, step -> {}).settle();
          String words =
              "has " + in.version() + ": the orchestrator ended before an update was done";
          parts.notes().note(service, words, who, true);
          return List.of(service + ": " + words);
        });
  }

  private Rollout rollout(
      String service,
      Rollout.Build from,
      Rollout.Build to,
      boolean allowRemoved,
      String who,
      Consumer<String> progress) {
    return new Rollout(
        parts.fleet(),
        service,
        from,
        to,
        allowRemoved,
        parts.startTimeout().get(),
        who,
        progress,
        at -> present = at.orElse(null),
        trace);
  }

  /** What an operator asked for. */
  @FunctionalInterface
  private interface Work {
    List<String> run() throws IOException, InterruptedException, Candidate.RefusedException;
  }

  /** Where a bundle comes from. */
  @FunctionalInterface
  private interface Origin {
    byte[] bytes() throws Candidate.RefusedException;
  }

  private CompletionStage<List<String>> run(String name, String service, String who, Work work) {
    String what = service + " is being updated";
    turns.enter(what);
    return CompletableFuture.supplyAsync(
        () -> {
          Step begun = Step.begin(parts.tracer(), name + " " + service);
          begun.attribute("blackhole.by", who);
          trace = begun;
          try {
            return work.run();
          } catch (Candidate.RefusedException e) {
            count(service, Outcome.REFUSED);
            begun.fail(e.reason());
            parts.notes().note(service, "an update was refused: " + e.reason(), who, true);
            throw new SupervisionException(e.reason());
          } catch (IOException e) {
            begun.fail(e.toString());
            throw new SupervisionException("cannot be updated: " + e.getMessage());
          } catch (InterruptedException e) {
            begun.fail("the node is stopping");
            Thread.currentThread().interrupt();
            throw new SupervisionException("the node is stopping");
          } catch (RuntimeException e) {
            begun.fail(String.valueOf(e.getMessage()));
            throw e;
          } finally {
            trace = Step.NONE;
            begun.close();
            turns.leave(what);
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
      ServiceConfig service,
      Origin origin,
      String name,
      Options options,
      String who,
      Consumer<String> progress)
      throws IOException, InterruptedException, Candidate.RefusedException {
    Job job;
    try (Step check = trace.step("check")) {
      job = admit(service, origin, name, options, who, check);
    }
    return job.to().sha256().equals(job.from().sha256())
        ? List.of(service.name() + " has " + job.to().version() + " already")
        : carryOut(job, who, progress);
  }

  private Job admit(
      ServiceConfig service, Origin origin, String name, Options options, String who, Step check)
      throws IOException, Candidate.RefusedException {
    try {
      return admit(service, origin, name, options, who);
    } catch (Candidate.RefusedException e) {
      check.fail(e.reason());
      throw e;
    }
  }

  private Job admit(ServiceConfig service, Origin origin, String name, Options options, String who)
      throws IOException, Candidate.RefusedException {
    boolean unused = settle(service);
    byte[] bytes = origin.bytes();
    Candidate from = present(service);
    Candidate to;
    try {
      to = Candidate.of(bytes, name, parts.trust());
    } catch (Candidate.RefusedException e) {
      refuse(service, from, Optional.empty(), Candidate.sha256(bytes), options, who, e.reason());
      throw e;
    }
    boolean same = to.sha256().equals(from.sha256());
    Optional<String> refusal =
        same
            ? Optional.empty()
            : Admission.refusal(to, from, parts.versions().history(service.name()), options);
    if (refusal.isPresent()) {
      String why = name + " is refused: " + refusal.get();
      refuse(service, from, Optional.of(to.version().toString()), to.sha256(), options, who, why);
      throw new Candidate.RefusedException(why);
    }
    boolean builtin = to.sha256().equals(builtin(service).sha256());
    return new Job(service.name(), to, from, builtin, options.removed(), options.rolling());
  }

  private void refuse(
      ServiceConfig service,
      Candidate from,
      Optional<String> version,
      String sha256,
      Options options,
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
                Optional.of(Job.mode(options.rolling())),
                Standing.REFUSED,
                why));
  }

  private List<String> goBack(
      ServiceConfig service,
      boolean wantsBuiltin,
      boolean rolling,
      String who,
      Consumer<String> progress)
      throws IOException, InterruptedException, Candidate.RefusedException {
    String name = service.name();
    boolean unused = settle(service);
    Candidate from = present(service);
    Candidate builtin = builtin(service);
    if (wantsBuiltin && from.sha256().equals(builtin.sha256())) {
      // an installed version with the same bytes need not stay in the way of a later launcher
      parts.versions().choose(name, Optional.empty());
      return List.of(name + " has " + builtin.version() + " already, which is the launcher's");
    }
    Candidate to = wantsBuiltin ? builtin : previous(name, from);
    boolean isBuiltin = to.sha256().equals(builtin.sha256());
    return carryOut(new Job(name, to, from, isBuiltin, true, rolling), who, progress);
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
    return Candidate.of(
        Candidate.bytes(jar), service + " " + entry.version().orElse("?"), parts.trust());
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
            Optional.of(job.mode()),
            Standing.PENDING,
            ""));
    Optional<String> before = InstalledBundle.digest(versions.home(), service);
    Optional<String> after = job.builtin() ? Optional.empty() : Optional.of(job.to().sha256());
    Rollout.Force forward = () -> versions.choose(service, after);
    Rollout.Force back = () -> versions.choose(service, before);
    try {
      String words = "updated from " + from + " to " + to;
      if (job.rolling()) {
        words +=
            words(
                replacements(service, who, progress)
                    .run(new Replacements.Change(forward, back, job.removed())));
      } else {
        words +=
            words(
                rollout(
                        service,
                        new Rollout.Build(from, fromJar),
                        new Rollout.Build(to, toJar),
                        job.removed(),
                        who,
                        progress)
                    .run(forward, back));
      }
      versions.succeed(service);
      count(service, Outcome.CURRENT);
      parts.notes().note(service, words, who, false);
      return List.of(service + ": " + words);
    } catch (Rollout.FailedException | Replacements.FailedException e) {
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

  private static String words(int replaced) {
    return replaced == 0 ? FROM_NEXT_START : " in new processes, in " + instances(replaced);
  }

  private static String instances(int count) {
    return count == 1 ? "1 instance" : count + " instances";
  }

  private static String words(Rollout.Done done) {
    return done.instances() == 0
        ? FROM_NEXT_START
        : " in place, in "
            + instances(done.instances())
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
