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
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
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

    /** As {@link #put}, because of a problem that is worse than if this fails too. */
    default void putAfter(Exception problem) {
      try {
        put();
      } catch (IOException | RuntimeException e) {
        problem.addSuppressed(e);
      }
    }
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

  private static final String FROM_NEXT_START = ", which runs from the next start on";

  private final Parts parts;
  private final VersionBook book;
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
    this.book = new VersionBook(parts.bundles(), parts.versions(), parts.trust(), parts.clock());
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
    return replace(service, new Replacements.Change(forward, back, true), who, progress);
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
    return book.settle(services);
  }

  /** Has the hosts of such a service run what is in force. */
  public CompletionStage<List<String>> recover(String service, String who) {
    return run(
        "recover",
        service,
        who,
        () -> {
          Candidate in = book.present(configured(service));
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
    boolean unused = book.settle(service);
    byte[] bytes = origin.bytes();
    String mode = Job.mode(options.rolling());
    Candidate from = book.present(service);
    Candidate to;
    try {
      to = Candidate.of(bytes, name, parts.trust());
    } catch (Candidate.RefusedException e) {
      book.refuse(service, from, Optional.empty(), Candidate.sha256(bytes), mode, who, e.reason());
      throw e;
    }
    boolean same = to.sha256().equals(from.sha256());
    Optional<String> refusal =
        same
            ? Optional.empty()
            : Admission.refusal(to, from, parts.versions().history(service.name()), options);
    if (refusal.isPresent()) {
      String why = name + " is refused: " + refusal.get();
      book.refuse(service, from, Optional.of(to.version().toString()), to.sha256(), mode, who, why);
      throw new Candidate.RefusedException(why);
    }
    boolean builtin = to.sha256().equals(book.builtin(service).sha256());
    return new Job(service.name(), to, from, builtin, options.removed(), options.rolling());
  }

  private List<String> goBack(
      ServiceConfig service,
      boolean wantsBuiltin,
      boolean rolling,
      String who,
      Consumer<String> progress)
      throws IOException, InterruptedException, Candidate.RefusedException {
    String name = service.name();
    boolean unused = book.settle(service);
    Candidate from = book.present(service);
    Candidate builtin = book.builtin(service);
    if (wantsBuiltin && from.sha256().equals(builtin.sha256())) {
      // an installed version with the same bytes need not stay in the way of a later launcher
      parts.versions().choose(name, Optional.empty());
      return List.of(name + " has " + builtin.version() + " already, which is the launcher's");
    }
    Candidate to = wantsBuiltin ? builtin : book.previous(name, from);
    Optional<String> noWayBack = Admission.noWayBack(to, from);
    if (noWayBack.isPresent()) {
      throw new Candidate.RefusedException(noWayBack.get());
    }
    boolean isBuiltin = to.sha256().equals(builtin.sha256());
    return carryOut(new Job(name, to, from, isBuiltin, true, rolling), who, progress);
  }

  private List<String> carryOut(Job job, String who, Consumer<String> progress)
      throws IOException, InterruptedException, Candidate.RefusedException {
    String service = job.service();
    VersionStore versions = parts.versions();
    Path fromJar = book.keepBaseline(service, job.from());
    Path toJar = versions.keep(service, job.to().sha256(), job.to().bytes());
    String from = job.from().version().toString();
    String to = job.to().version().toString();
    versions.add(
        service,
        new Entry(
            Optional.of(to),
            Optional.of(job.to().sha256()),
            parts.clock().instant(),
            who,
            Optional.of(job.mode()),
            Standing.PENDING,
            ""));
    Optional<String> before = InstalledBundle.digest(versions.home(), service);
    Optional<String> after = job.builtin() ? Optional.empty() : Optional.of(job.to().sha256());
    Force forward = () -> versions.choose(service, after);
    Force back = () -> versions.choose(service, before);
    String words = "updated from " + from + " to " + to;
    try {
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
    } catch (Rollout.FailedException | Replacements.FailedException e) {
      versions.amend(service, Standing.ROLLED_BACK, String.valueOf(e.getMessage()));
      count(service, Outcome.ROLLED_BACK);
      String why = "stays at " + from + ", as " + to + " failed: " + e.getMessage();
      parts.notes().note(service, why, who, true);
      throw new SupervisionException(service + " " + why);
    } catch (IOException | InterruptedException | RuntimeException e) {
      Force broken = () -> versions.amend(service, Standing.ROLLED_BACK, e.toString());
      broken.putAfter(e);
      count(service, Outcome.ROLLED_BACK);
      throw e;
    }
    // all have it: should this fail, the next orchestrator goes back, as after a kill at this place
    versions.succeed(service);
    count(service, Outcome.CURRENT);
    parts.notes().note(service, words, who, false);
    return List.of(service + ": " + words);
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

  @Override
  public List<Version> history(String service) {
    ServiceConfig config = configured(service);
    try {
      return book.history(config);
    } catch (IOException | Candidate.RefusedException e) {
      throw new SupervisionException("the history cannot be read: " + e.getMessage());
    }
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
