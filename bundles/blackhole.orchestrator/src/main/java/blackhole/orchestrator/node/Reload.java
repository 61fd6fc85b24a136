package blackhole.orchestrator.node;

import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.BundleCatalog;
import blackhole.orchestrator.config.parser.ParseResult;
import blackhole.orchestrator.config.parser.Problem;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.InstalledBundle;
import blackhole.orchestrator.plan.ReloadPlan;
import blackhole.orchestrator.plan.ReloadPlan.Item;
import blackhole.orchestrator.update.Updater;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** {@code reload}: reads the file again, and has a {@link ReloadRun} do what follows from it. */
final class Reload implements Reloading {
  private final NodeOptions options;
  private final BundleCatalog catalog;
  private final LiveConfiguration live;
  private final HostLimits limits;
  private final ServiceMoves moves;
  private final Turn turn;
  private final BiConsumer<String, String> journal;

  /** Has one thing done at a time; see {@link Updater#alone}. */
  @FunctionalInterface
  interface Turn {
    CompletionStage<Report> take(String what, Callable<Report> work);
  }

  /**
   * @param journal takes what was done, and by whom
   */
  Reload(
      NodeOptions options,
      BundleCatalog catalog,
      LiveConfiguration live,
      HostLimits limits,
      ServiceMoves moves,
      Turn turn,
      BiConsumer<String, String> journal) {
    this.options = options;
    this.catalog = catalog;
    this.live = live;
    this.limits = limits;
    this.moves = moves;
    this.turn = turn;
    this.journal = journal;
  }

  /** A file that was read, and what it means for this node; without a plan if it has errors. */
  private record Read(
      Path file, List<String> errors, List<String> warnings, Optional<ReloadPlan> plan) {}

  @Override
  public Report preview() {
    Read read = read();
    List<Change> changes =
        read.plan().stream()
            .flatMap(plan -> plan.items().stream())
            .map(item -> ReloadRun.change(item, Optional.empty(), note(item)))
            .toList();
    return new Report("" + read.file(), read.errors(), read.warnings(), changes, List.of());
  }

  @Override
  public CompletionStage<Report> reload(String who, Consumer<String> progress) {
    return turn.take("the configuration is being reloaded", () -> run(who, progress));
  }

  private Report run(String who, Consumer<String> progress) throws InterruptedException {
    Read read = read();
    if (read.plan().isEmpty()) {
      return new Report("" + read.file(), read.errors(), read.warnings(), List.of(), List.of());
    }
    ReloadPlan plan = read.plan().get();
    Map<Item, String> notes = new HashMap<>();
    plan.items().forEach(item -> notes.put(item, note(item)));
    ReloadRun run = new ReloadRun(read.file(), plan, live, limits, moves, who, progress);
    List<Change> changes = run.carryOut(notes);
    journal.accept(words(read.file(), plan, run.failures()), who);
    return new Report("" + read.file(), List.of(), read.warnings(), changes, run.failures());
  }

  private static String words(Path file, ReloadPlan plan, List<String> failures) {
    String counts =
        plan.items().stream()
            .collect(Collectors.groupingBy(Item::how, TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(count -> count.getValue() + " " + words(count.getKey()))
            .collect(Collectors.joining(", "));
    return file
        + " was reloaded: "
        + (counts.isEmpty() ? "nothing has changed" : "changes: " + counts)
        + (failures.isEmpty() ? "" : "; but " + String.join("; ", failures));
  }

  private static String words(How how) {
    return switch (how) {
      case LIVE -> "while all runs";
      case ROLLING -> "with new processes";
      case START -> "with a start";
      case STOP -> "with a stop";
      case NODE_RESTART -> "not before a restart of the node";
    };
  }

  private Read read() {
    Path file =
        ConfiguredNode.file(options.home(), options.configuration())
            .orElseThrow(
                () ->
                    new SupervisionException(
                        "there is no file to reload: the node runs with the built-in default, and "
                            + options.home().configuration()
                            + " does not exist"));
    ParseResult result = parse(file);
    live.hide(result.secrets());
    List<String> warnings = result.warnings().stream().map(Problem::toString).toList();
    if (result.config().isEmpty()) {
      List<String> errors = result.errors().stream().map(Problem::toString).toList();
      return new Read(file, errors, warnings, Optional.empty());
    }
    try {
      NodeConfig config = ConfiguredNode.restrict(result.config().get(), options.only());
      ReloadPlan.Side after = new ReloadPlan.Side(config, result.settings());
      return new Read(file, List.of(), warnings, Optional.of(ReloadPlan.of(live.side(), after)));
    } catch (ConfiguredNode.RefusedException e) {
      return new Read(file, e.errors(), warnings, Optional.empty());
    }
  }

  private ParseResult parse(Path file) {
    try {
      return ConfiguredNode.parse(options.home(), Optional.of(file), catalog);
    } catch (IOException e) {
      throw new SupervisionException("cannot read the node's id: " + e.getMessage());
    }
  }

  /** What the plan alone does not know. */
  private String note(Item item) {
    String key = item.change().key();
    if (!item.note().isEmpty()) {
      return item.note();
    }
    if (key.equals("supervisor.sample_interval")) {
      return "hosts tell of their heaps at the old interval, until they are restarted";
    }
    boolean ofHealth = key.startsWith("supervisor.health_check_");
    if (ofHealth && !live.config().remotes().isEmpty()) {
      return "other nodes are asked as before, until the node is restarted";
    }
    Optional<String> service = item.change().service();
    return service.isPresent()
            && item.change().shortKey().equals("bundle")
            && InstalledBundle.digest(options.home(), service.get()).isPresent()
        ? "an installed version stays in force, see: history " + service.get()
        : "";
  }
}
