package blackhole.orchestrator.node;

import blackhole.api.process.LimitState;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.Reloading.Change;
import blackhole.api.supervision.Reloading.How;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.plan.ReloadPlan;
import blackhole.orchestrator.plan.ReloadPlan.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Carries one plan out: first what can change at once, then the services that stop, those that
 * start, those that get more or fewer instances, and those that get new processes. What one of them
 * does not get done leaves the others as they are. Blocks; of use once.
 */
final class ReloadRun {
  /** Of what is begun for one service, beside what the configuration gives it. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final Path file;
  private final ReloadPlan plan;
  private final LiveConfiguration live;
  private final HostLimits limits;
  private final ServiceMoves moves;
  private final String who;
  private final Consumer<String> progress;

  private final Set<String> done = new LinkedHashSet<>();
  private final Map<String, String> failed = new LinkedHashMap<>();
  private final Map<String, String> said = new HashMap<>();

  ReloadRun(
      Path file,
      ReloadPlan plan,
      LiveConfiguration live,
      HostLimits limits,
      ServiceMoves moves,
      String who,
      Consumer<String> progress) {
    this.file = file;
    this.plan = plan;
    this.live = live;
    this.limits = limits;
    this.moves = moves;
    this.who = who;
    this.progress = progress;
  }

  /**
   * @param notes what else there is to say of each item
   * @return what became of them, in their order
   */
  List<Change> carryOut(Map<Item, String> notes) throws InterruptedException {
    List<InstanceId> present = moves.instances();
    Map<Place, InstanceLimit> before = byPlace(present);
    take();
    for (String service : plan.stopping()) {
      stop(service);
    }
    start(plan.starting());
    for (String service : plan.recounted()) {
      recount(service);
    }
    for (String service : plan.rolling()) {
      replace(service);
    }
    return changes(notes, before, moves.instances().stream().filter(present::contains).toList());
  }

  /** What was begun and did not succeed, in words. */
  List<String> failures() {
    return List.copyOf(failed.values());
  }

  private void take() throws InterruptedException {
    live.take(file, plan.inForce(done));
    moves.follow();
  }

  private void stop(String service) throws InterruptedException {
    progress.accept(service + ": is drained and stopped");
    if (settled(service, moves.stop(service, who))) {
      done.add(service);
      take();
    }
  }

  /** All at once: who depends on whom, the supervisor minds. */
  private void start(List<String> services) throws InterruptedException {
    if (services.isEmpty()) {
      return;
    }
    // also one that does not come up is configured from now on
    done.addAll(services);
    take();
    Map<String, CompletionStage<List<String>>> starts = new LinkedHashMap<>();
    for (String service : services) {
      progress.accept(service + ": starts");
      starts.put(service, moves.start(service, who));
    }
    for (Map.Entry<String, CompletionStage<List<String>>> start : starts.entrySet()) {
      boolean unused = settled(start.getKey(), start.getValue());
    }
  }

  private void recount(String service) throws InterruptedException {
    int present =
        (int) moves.instances().stream().filter(id -> id.service().equals(service)).count();
    int wanted = plan.count(service, present);
    if (wanted != present) {
      progress.accept(service + ": is scaled from " + present + " to " + wanted);
      boolean unused = settled(service, moves.scale(service, wanted, who));
    }
  }

  private void replace(String service) throws InterruptedException {
    progress.accept(service + ": gets new processes");
    try {
      progress.accept(
          moves.replace(
              service, () -> force(service, true), () -> force(service, false), who, progress));
    } catch (SupervisionException | IOException e) {
      failed.put(service, String.valueOf(e.getMessage()));
    }
  }

  private void force(String service, boolean forward) throws IOException {
    if (forward ? done.add(service) : done.remove(service)) {
      try {
        take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the node is stopping", e);
      }
    }
  }

  /** Whether it went well; what was said of it is kept. */
  private boolean settled(String service, CompletionStage<List<String>> move)
      throws InterruptedException {
    Duration patience =
        live.config()
            .supervisor()
            .startTimeout()
            .plus(live.config().supervisor().gracefulShutdownTimeout())
            .multipliedBy(2)
            .plus(MARGIN);
    try {
      List<String> lines = move.toCompletableFuture().get(patience.toNanos(), TimeUnit.NANOSECONDS);
      lines.forEach(progress);
      said.put(service, String.join("; ", lines));
      return true;
    } catch (ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      failed.put(service, String.valueOf((cause == null ? e : cause).getMessage()));
    } catch (TimeoutException e) {
      failed.put(service, service + " is not done in time, see: ps");
    }
    return false;
  }

  private List<Change> changes(
      Map<Item, String> notes, Map<Place, InstanceLimit> before, List<InstanceId> present) {
    Map<Place, InstanceLimit> after = byPlace(present);
    Set<String> services = present.stream().map(InstanceId::service).collect(Collectors.toSet());
    before.keySet().removeIf(place -> !present.contains(place.id()));
    List<Change> changes = new ArrayList<>(limitChanges(before, after));
    for (Item item : plan.items()) {
      // a limit of what has instances was listed with each of them
      boolean listed =
          item.how() == How.LIVE
              && item.change().ofLimit()
              && item.change().service().filter(services::contains).isPresent();
      if (!listed) {
        changes.add(change(item, notes.getOrDefault(item, "")));
      }
    }
    return changes;
  }

  private Change change(Item item, String note) {
    String service = item.change().service().orElse("");
    boolean moved = plan.moves(item);
    boolean applied = item.how() != How.NODE_RESTART && !(moved && failed.containsKey(service));
    String words = note;
    if (moved && failed.containsKey(service)) {
      words = failed.getOrDefault(service, "");
    } else if (moved && note.isEmpty() && item.how() != How.ROLLING) {
      words = said.getOrDefault(service, "");
    }
    return change(item, Optional.of(applied), words);
  }

  /** As it is told to an operator. */
  static Change change(Item item, Optional<Boolean> applied, String message) {
    return new Change(
        item.change().service(),
        OptionalInt.empty(),
        item.change().shortKey(),
        item.change().before(),
        item.change().after(),
        item.how(),
        applied,
        message);
  }

  /** One limit of one instance. */
  private record Place(InstanceId id, String key) {}

  private Map<Place, InstanceLimit> byPlace(List<InstanceId> present) {
    Map<Place, InstanceLimit> byPlace = new LinkedHashMap<>();
    limits.of(present).forEach(limit -> byPlace.put(new Place(limit.id(), limit.limit()), limit));
    return byPlace;
  }

  private List<Change> limitChanges(
      Map<Place, InstanceLimit> before, Map<Place, InstanceLimit> after) {
    Set<Place> places = new LinkedHashSet<>(after.keySet());
    places.addAll(before.keySet());
    List<Change> changes = new ArrayList<>();
    for (Place place : places) {
      Optional<String> old = Optional.ofNullable(before.get(place)).map(InstanceLimit::value);
      Optional<InstanceLimit> now = Optional.ofNullable(after.get(place));
      if (!old.equals(now.map(InstanceLimit::value))) {
        Optional<String> reason = now.isPresent() ? now.get().reason() : leftover(place);
        String message =
            reason.or(() -> now.flatMap(InstanceLimit::how)).orElse("no limit any more");
        changes.add(
            new Change(
                Optional.of(place.id().service()),
                OptionalInt.of(place.id().instance()),
                place.key(),
                old,
                now.map(InstanceLimit::value),
                How.LIVE,
                Optional.of(reason.isEmpty()),
                message));
      }
    }
    return changes;
  }

  /** Why a limit that is gone from the file holds on. */
  private Optional<String> leftover(Place place) {
    return limits.states(place.id()).values().stream()
        .filter(state -> !state.enforced())
        .filter(state -> LimitValues.key(state.kind()).equals(place.key()))
        .map(LimitState::reason)
        .findFirst();
  }
}
