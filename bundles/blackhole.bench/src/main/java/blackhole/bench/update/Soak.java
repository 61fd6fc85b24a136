package blackhole.bench.update;

import blackhole.bench.Figure;
import blackhole.bench.HeldMemory;
import blackhole.bench.Latencies;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Whether memory stays what it was: of a service's host and of the orchestrator, under a steady
 * load and with fifty updates spread over it. What they hold when a fifth of the time is over, and
 * all is warm, is held against what they hold in the end.
 */
public final class Soak {
  private static final int CALLS_PER_SECOND = 500;
  private static final int UPDATES = 50;
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
    Path writer = bundles.versioned("single", "1.0.0");
    try (UpdatedNode node = new UpdatedNode(first, writer, bundles.relay())) {
      Failures failures = new Failures();
      OpenLoad load =
          new OpenLoad(
              List.of(Callers.versioned(node.channel(UpdatedNode.STATELESS))),
              CALLS_PER_SECOND,
              failures);
      load.run(new Tally(new Latencies()), warmUp(), () -> true);
      List<HeldMemory> begin = look(node, "warm");
      Duration stretch = duration.minus(warmUp()).dividedBy(UPDATES);
      for (int update = 1; update <= UPDATES; update++) {
        int next = update % versions.size();
        CompletableFuture<String> command =
            CompletableFuture.supplyAsync(
                () -> node.update(UpdatedNode.STATELESS, versions.get(next), false));
        load.run(new Tally(new Latencies()), stretch, command::isDone);
        String unused = command.join();
        node.awaitVersion(UpdatedNode.STATELESS, names.get(next));
        if (update % 10 == 0) {
          List<HeldMemory> shown = look(node, update + " updates");
        }
      }
      load.awaitAnswers();
      List<HeldMemory> end = look(node, "end");
      out.printf(
          "  %,d calls in %d s, %d updates, %d failed %s%n",
          load.calls(), duration.toSeconds(), UPDATES, failures.sum(), failures);
      return figures(begin, end);
    }
  }

  private Duration warmUp() {
    return duration.dividedBy(WARM_PART);
  }

  /** The host's and the orchestrator's. */
  private List<HeldMemory> look(UpdatedNode node, String when) throws Exception {
    List<HeldMemory> held =
        List.of(
            HeldMemory.of(node.process(UpdatedNode.STATELESS)), HeldMemory.of(node.orchestrator()));
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
      String name = " of " + whose.get(i) + ", after load and 50 updates, against before";
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
