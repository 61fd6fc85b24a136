package blackhole.bench.scale;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.ProcessCost;
import blackhole.bench.Samples;
import blackhole.bench.service.FirstAnswer;
import blackhole.client.UnixSocketChannels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How soon one more instance answers, with a warm spare and without; and what 6, 12 and 24 idle
 * instances cost the orchestrator.
 */
public final class Scaling {
  private static final int WARM_UP = 1;
  private static final int[] SIZES = {6, 12, 24};

  /** From the last start on, for its compilers. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private static final Duration MEASURED = Duration.ofSeconds(60);

  private final Effort effort;
  private final int rounds;
  private final PrintStream out;

  public Scaling(Effort effort, PrintStream out) {
    this.effort = effort;
    this.rounds = effort.rounds();
    this.out = out;
  }

  /**
   * @param service the jar of the measured service's bundle
   */
  public List<Figure> run(Path service) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    try (ScaledNode spare = new ScaledNode(service, 1);
        ScaledNode cold = new ScaledNode(service, 0)) {
      figures.add(scaleUp(List.of(spare, cold)));
    }
    try (ScaledNode node = new ScaledNode(service, 1)) {
      figures.addAll(growth(node));
    }
    return figures;
  }

  private Figure scaleUp(List<ScaledNode> nodes) throws InterruptedException {
    double[][] millis = new double[nodes.size()][rounds];
    try (UnixSocketChannels channels = new UnixSocketChannels()) {
      FirstAnswer answer = new FirstAnswer(channels);
      for (int round = -WARM_UP; round < rounds; round++) {
        for (int i = 0; i < nodes.size(); i++) {
          double took = nodes.get(i).millisToSecond(answer);
          if (round >= 0) {
            millis[i][round] = took;
          }
        }
      }
    }
    out.println("scale 2 to the first answer of the second instance");
    out.println("  warm spare  " + new Samples(millis[0]).summary("ms"));
    out.println("  cold start  " + new Samples(millis[1]).summary("ms"));
    return Figure.ofRounds(
        "scale-up to the first answer, spare against cold start",
        millis[0],
        "ms",
        millis[1],
        "<= 0.5",
        "see BENCHMARKS.md");
  }

  private List<Figure> growth(ScaledNode node) throws IOException {
    List<ProcessCost> costs = new ArrayList<>();
    out.println("the orchestrator, with idle instances");
    for (int size : SIZES) {
      node.scale(size);
      node.awaitPrepared();
      ProcessCost unused = ProcessCost.over(node.orchestrator(), effort.of(SETTLED));
      ProcessCost cost = ProcessCost.over(node.orchestrator(), effort.of(MEASURED));
      costs.add(cost);
      out.printf(
          "  %2d instances  CPU %.2f %% of a core, PSS %.1f MB%n",
          size, cost.cpuPercent(), cost.pssMegabytes());
    }
    ProcessCost least = costs.get(0);
    ProcessCost most = costs.get(costs.size() - 1);
    double growth = SIZES[SIZES.length - 1] / (double) SIZES[0];
    String why = "see BENCHMARKS.md";
    return List.of(
        Figure.of(
            "orchestrator's idle CPU, 6 instances, against 1 % of a core",
            least.cpuPercent(), "%", 1, "<= 1", why),
        Figure.of(
            "orchestrator's idle CPU, 24 instances, against 4 x 6",
            most.cpuPercent(),
            "%",
            growth * least.cpuPercent(),
            "<= 1",
            why),
        Figure.of(
            "orchestrator's memory (PSS), 24 instances, against 6",
            most.pssMegabytes(),
            "MB",
            least.pssMegabytes(),
            "<= 1.5",
            why));
  }
}
