package blackhole.orchestrator.node;

import blackhole.api.process.LimitState;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.BundleCatalog;
import blackhole.orchestrator.config.parser.ParseResult;
import blackhole.orchestrator.config.parser.Problem;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.SettingChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code reload}: the limits of a changed file, held against what runs. Thread-safe; one at a time.
 */
final class Reload implements Reloading {
  private static final String IN_FORCE = "in force";

  private final NodeOptions options;
  private final BundleCatalog catalog;
  private final LiveConfiguration live;
  private final HostLimits limits;
  private final Supplier<List<InstanceId>> instances;
  private final BiConsumer<String, String> journal;

  /**
   * @param instances all that are desired
   * @param journal takes what was done, and by whom
   */
  Reload(
      NodeOptions options,
      BundleCatalog catalog,
      LiveConfiguration live,
      HostLimits limits,
      Supplier<List<InstanceId>> instances,
      BiConsumer<String, String> journal) {
    this.options = options;
    this.catalog = catalog;
    this.live = live;
    this.limits = limits;
    this.instances = instances;
    this.journal = journal;
  }

  @Override
  public synchronized Report reload(String who) {
    Path file =
        ConfiguredNode.file(options.home(), options.configuration())
            .orElseThrow(
                () ->
                    new SupervisionException(
                        "there is no file to reload: the node runs with the built-in default, and "
                            + options.home().configuration()
                            + " does not exist"));
    ParseResult read = read(file);
    Optional<NodeConfig> config = read.config();
    if (config.isEmpty()) {
      return new Report("" + file, words(read.errors()), words(read.warnings()), List.of());
    }
    List<Change> changes = take(file, config.get(), read);
    long waiting = changes.stream().filter(change -> !change.applied()).count();
    journal.accept(
        "%s was reloaded: %d changes, %d of them not in force"
            .formatted(file, changes.size(), waiting),
        who);
    return new Report("" + file, List.of(), words(read.warnings()), changes);
  }

  private ParseResult read(Path file) {
    try {
      return ConfiguredNode.parse(options.home(), Optional.of(file), catalog);
    } catch (IOException e) {
      throw new SupervisionException("cannot read the node's id: " + e.getMessage());
    }
  }

  private List<Change> take(Path file, NodeConfig config, ParseResult read) {
    List<SettingChange> settings = live.changes(read);
    List<InstanceId> present = instances.get();
    Map<Place, InstanceLimit> before = byPlace(present);
    live.take(file, config, read);
    limits.reapply();
    List<Change> changes = new ArrayList<>(limitChanges(before, byPlace(present)));
    Set<String> services = present.stream().map(InstanceId::service).collect(Collectors.toSet());
    for (SettingChange setting : settings) {
      // a limit of what has instances was listed with each of them
      boolean listed =
          setting.ofLimit() && setting.service().filter(services::contains).isPresent();
      if (!listed) {
        changes.add(change(setting, config));
      }
    }
    return changes;
  }

  private static Change change(SettingChange setting, NodeConfig config) {
    boolean known = setting.service().map(config.services()::containsKey).orElse(true);
    Optional<String> how =
        setting.ofPolicy()
            ? Optional.of(IN_FORCE)
            : setting.ofLimit() && known ? Optional.of("from its next start on") : Optional.empty();
    return new Change(
        Optional.empty(),
        setting.key(),
        setting.before(),
        setting.after(),
        how,
        how.isPresent() ? Optional.empty() : Optional.of("needs a restart of the node"));
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
        Optional<String> how =
            reason.isPresent()
                ? Optional.empty()
                : now.flatMap(InstanceLimit::how).or(() -> Optional.of("no limit any more"));
        changes.add(
            new Change(
                Optional.of(place.id()),
                place.key(),
                old,
                now.map(InstanceLimit::value),
                how,
                reason));
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

  private static List<String> words(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }
}
