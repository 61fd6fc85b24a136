package blackhole.bench.update;

import blackhole.bench.Figure;
import blackhole.bench.HeldMemory;
import blackhole.bench.Latencies;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Whether memory stays what it was: of a service's host and of the orchestrator, under a steady
 * load and with fifty updates spread over it. What they hold when all is warm and ten updates are
 * done, is held against what they hold in the end.
 */
public final class Soak {
  private static final String SERVICE = "stateless";
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int CALLS_PER_SECOND = 500;
  private static final int UPDATES = 50;
  private static final int LOOK_EVERY = 10;
  private static final int WARM_PART = 5;
  private static final String WHY = "see BENCHMARKS.md";

  private final Duration duration;
  private final PrintStream out;

  public Soak(Duration duration, PrintStream out) {
    this.duration = duration;
    this.out = out;
  }

  /**
   * @param directory empty, for the bundles
   */
  public List<Figure> run(Path directory) throws Exception {
    Versions bundles = new Versions(directory);
    Path first = bundles.versioned("none", "1.0.0");
    List<Path> versions = List.of(first, bundles.as(first, "2.0.0"));
    List<String> names = List.of("1.0.0", "2.0.0");
    try (TestNode node = start(first)) {
      long began = System.nanoTime();
      Failures failures = new Failures();
      OpenLoad load =
          new OpenLoad(
              List.of(Callers.versioned(node.channel(SERVICE))), CALLS_PER_SECOND, failures);
      load.run(new Tally(new Latencies()), warmUp(), () -> true);
      List<HeldMemory> begin = look(node, "warm");
      Duration stretch = duration.minus(warmUp()).dividedBy(UPDATES);
      for (int update = 1; update <= UPDATES; update++) {
        int next = update % versions.size();
        CompletableFuture<String> command =
            CompletableFuture.supplyAsync(
                () -> node.exec("bh:update " + SERVICE + " " + versions.get(next)));
        try {
          load.run(new Tally(new Latencies()), stretch, command::isDone);
        } finally {
          // or the command would go on beside what comes after a failure
          String unused = command.join();
        }
        Await.until(
            SERVICE + " has " + names.get(next),
            LIMIT,
            () -> node.status(SERVICE).get("bundle_version").getAsString().equals(names.get(next)));
        if (update % LOOK_EVERY == 0) {
          List<HeldMemory> now = look(node, update + " updates");
          // what the first updates bring in, stays
          begin = update == LOOK_EVERY ? now : begin;
        }
      }
      load.awaitAnswers();
      List<HeldMemory> end = look(node, "end");
      out.printf(
          "  %,d calls in %d s, %d updates, %d failed %s%n",
          load.calls(),
          (System.nanoTime() - began) / 1_000_000_000,
          UPDATES,
          failures.sum(),
          failures);
      return figures(begin, end);
    }
  }

  private static TestNode start(Path bundle) {
    TestNode node =
        TestNode.builder()
            .yaml(
                """
                services: { %s: { bundle: "%s" } }
                supervisor: { warm_spares: 0, update_observation: 1s, start_timeout: 3m }
                """
                    .formatted(SERVICE, bundle))
            .create();
    try {
      node.run();
      Await.until(SERVICE + " is READY", LIMIT, () -> node.state(SERVICE).equals("READY"));
      node.awaitTrained();
      return node;
    } catch (RuntimeException | AssertionError e) {
      node.close();
      throw e;
    }
  }

  private Duration warmUp() {
    return duration.dividedBy(WARM_PART);
  }

  /** The host's and the orchestrator's. */
  private List<HeldMemory> look(TestNode node, String when) throws Exception {
    List<HeldMemory> held =
        List.of(HeldMemory.of(node.pid(SERVICE).orElseThrow()), HeldMemory.of(node.orchestrator()));
    out.printf(
        "  %-11s host %.1f MB, of which the heap's live objects %.1f; orchestrator %.1f, %.1f%n",
        when,
        held.get(0).pssMegabytes(),
        held.get(0).liveMegabytes(),
        held.get(1).pssMegabytes(),
        held.get(1).liveMegabytes());
    return held;
  }

  private static List<Figure> figures(List<HeldMemory> begin, List<HeldMemory> end) {
    List<Figure> figures = new ArrayList<>();
    List<String> whose = List.of("a host", "the orchestrator");
    for (int i = 0; i < whose.size(); i++) {
      String name = " of " + whose.get(i) + ", after load and 50 updates, against after 10";
      figures.add(
          Figure.of(
              "memory (PSS)" + name,
              end.get(i).pssMegabytes(),
              "MB",
              begin.get(i).pssMegabytes(),
              "<= 1.1",
              WHY));
      figures.add(
          Figure.of(
              "live objects" + name,
              end.get(i).liveMegabytes(),
              "MB",
              begin.get(i).liveMegabytes(),
              "<= 1.1",
              WHY));
    }
    return figures;
  }
}
