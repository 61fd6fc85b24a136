package blackhole.bench.update;

import blackhole.bench.Figure;
import blackhole.bench.Samples;
import blackhole.bench.update.service.VersionedMethods;
import blackhole.identity.v1.IdentityGrpc;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What callers notice while two versions of a service take each other's place, in place and by new
 * processes: of a service without data, of one with data for one writer, and of identity with its
 * store. The same load without an update is measured before each.
 */
public final class Updating {
  /** Our own target for how long an update of the only writer holds calls. */
  private static final double HELD_TARGET_MILLIS = 20;

  /** The pause of an in-place update that we promise, at p99.9 of all calls beside updates. */
  private static final double PAUSE_TARGET_MILLIS = 20;

  private static final String WHY =
      "a new version runs code for the first time, in place while calls wait for the only writer,"
          + " rolling in new processes that start on the cores that answer; see BENCHMARKS.md";

  private final int updates;
  private final PrintStream out;

  /**
   * @param updates of each service; an odd number becomes the next even one, so that each is in the
   *     end what it was in the beginning
   */
  public Updating(int updates, PrintStream out) {
    this.updates = updates + updates % 2;
    this.out = out;
  }

  /**
   * @param directory empty, for the bundles
   */
  public List<Figure> run(Path directory) throws Exception {
    Versions bundles = new Versions(directory);
    Path stateless = bundles.versioned("none", "1.0.0");
    Path writer = bundles.versioned("single", "1.0.0");
    List<Figure> figures = new ArrayList<>();
    Optional<KarafUpdates.Outcome> karaf =
        new KarafUpdates(updates, out).run(bundles, Files.createDirectory(directory.resolve("k")));
    try (UpdatedNode node = new UpdatedNode(stateless, writer, bundles.relay())) {
      for (Scenario scenario : scenarios(node, bundles, stateless, writer)) {
        Turns.Outcome outcome = new Turns(node, scenario, updates, out).run();
        figures.add(failed(scenario, outcome));
        figures.add(beside(scenario, outcome));
        if (scenario.service().equals(UpdatedNode.STATELESS) && !scenario.rolling()) {
          figures.add(pause(outcome));
          karaf.ifPresent(theirs -> figures.addAll(against(theirs, outcome)));
        }
        if (scenario.service().equals(UpdatedNode.WRITER)) {
          figures.add(held(outcome));
        }
      }
    }
    return figures;
  }

  private static List<Scenario> scenarios(
      UpdatedNode node, Versions bundles, Path stateless, Path writer) throws Exception {
    List<Scenario.Version> versions = turns(bundles, "1.0.0", stateless);
    List<Scenario.Version> ofIdentity =
        turns(
            bundles,
            node.version(UpdatedNode.IDENTITY),
            Versions.carried(node.home(), "blackhole.identity"));
    String watched = VersionedMethods.SERVICE;
    String users = IdentityGrpc.SERVICE_NAME;
    return List.of(
        new Scenario(
            "in place, without data",
            UpdatedNode.STATELESS,
            versions,
            UpdatedNode.STATELESS,
            watched,
            false,
            true),
        new Scenario(
            "in place, one writer",
            UpdatedNode.WRITER,
            turns(bundles, "1.0.0", writer),
            UpdatedNode.WRITER,
            watched,
            false,
            true),
        new Scenario(
            "in place, identity",
            UpdatedNode.IDENTITY,
            ofIdentity,
            UpdatedNode.IDENTITY,
            users,
            false,
            false),
        new Scenario(
            "rolling, without data",
            UpdatedNode.STATELESS,
            versions,
            UpdatedNode.RELAY,
            watched,
            true,
            true),
        new Scenario(
            "rolling, identity",
            UpdatedNode.IDENTITY,
            ofIdentity,
            UpdatedNode.RELAY,
            users,
            true,
            false));
  }

  private static List<Scenario.Version> turns(Versions bundles, String version, Path bundle)
      throws Exception {
    return List.of(
        new Scenario.Version(version, bundle),
        new Scenario.Version("2.0.0", bundles.as(bundle, "2.0.0")));
  }

  /** Of a million; against one, since none is the target. */
  private static Figure failed(Scenario scenario, Turns.Outcome outcome) {
    return Figure.of(
        "failed of a million calls beside updates " + scenario.name(),
        outcome.failures().sum() * 1e6 / outcome.calls(),
        "calls",
        1,
        "<= 0",
        outcome.failures() + "; see BENCHMARKS.md");
  }

  private static Figure pause(Turns.Outcome outcome) {
    return Figure.of(
        "p99.9 of calls beside updates in place, against 20 ms",
        outcome.besideP999(),
        "ms",
        PAUSE_TARGET_MILLIS,
        "<= 1",
        WHY);
  }

  private static List<Figure> against(KarafUpdates.Outcome theirs, Turns.Outcome outcome) {
    return List.of(
        Figure.of(
            "longest call beside an update in place, against Karaf's gap",
            new Samples(outcome.worstCalls()).median(),
            "ms",
            theirs.goneMillis(),
            "<= 1",
            WHY),
        Figure.of(
            "failed calls of an update in place, against Karaf's",
            outcome.failures().sum() / (double) outcome.worstCalls().length,
            "calls",
            Math.max(1, theirs.failed()),
            "<= 0",
            WHY));
  }

  private static Figure beside(Scenario scenario, Turns.Outcome outcome) {
    return Figure.of(
        "p99.9 beside updates " + scenario.name() + ", against none",
        outcome.besideP999(),
        "ms",
        outcome.quietP999(),
        "<= 2",
        WHY);
  }

  private static Figure held(Turns.Outcome outcome) {
    return Figure.of(
        "longest hold of calls by an update of one writer",
        outcome.worstHeld(),
        "ms",
        HELD_TARGET_MILLIS,
        "<= 1",
        WHY);
  }
}
