package blackhole.bench.growth;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.ProcessCost;
import blackhole.bench.Samples;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Nodes with more and more instances: until all are READY, what they cost the orchestrator while
 * nothing happens, how long a scrape takes, and how long it takes until all hosts have heard that
 * one of them goes. The least node is what the others are held against.
 */
public final class Growth {
  private static final List<Integer> SIZES = List.of(6, 12, 24, 48);
  private static final List<Integer> SHORT_SIZES = List.of(6, 12);

  /** What one instance takes of the machine, with room. */
  private static final long INSTANCE_MEGABYTES = 110;

  private static final Duration SETTLED = Duration.ofSeconds(30);
  private static final Duration MEASURED = Duration.ofSeconds(60);
  private static final String WHY =
      "hosts that run take processor time from those that start, and each change of the registry is"
          + " told to all of them; see BENCHMARKS.md";

  private final Effort effort;
  private final PrintStream out;

  public Growth(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /** Of one size: medians of the rounds. */
  private record Row(
      int instances,
      double startSeconds,
      double cpuPercent,
      double megabytes,
      double scrapeMillis,
      double withdrawalMillis) {}

  /**
   * @param service the jar of the measured service's bundle
   */
  public List<Figure> run(Path service) throws IOException, InterruptedException {
    try (GrowingNode first = new GrowingNode(service, 1)) {
      // for the class-data archive, which all later ones share
      double unused = first.startSeconds();
      first.awaitTrained();
    }
    List<Row> rows = new ArrayList<>();
    for (int size : effort.choose(SIZES, SHORT_SIZES)) {
      if (size * INSTANCE_MEGABYTES > availableMegabytes()) {
        out.println(size + " instances do not fit into this machine's memory: left out");
      } else {
        rows.add(measure(service, size));
      }
    }
    return figures(rows);
  }

  private Row measure(Path service, int size) throws IOException, InterruptedException {
    List<Row> rounds = new ArrayList<>();
    for (int round = 0; round < effort.rounds(); round++) {
      try (GrowingNode node = new GrowingNode(service, size)) {
        double start = node.startSeconds();
        ProcessCost idle = node.idleCost(effort.of(SETTLED), effort.of(MEASURED));
        rounds.add(
            new Row(
                size,
                start,
                idle.cpuPercent(),
                idle.pssMegabytes(),
                node.scrapeMillis(),
                node.withdrawalMillis()));
      }
    }
    Row row =
        new Row(
            size,
            median(rounds, Row::startSeconds),
            median(rounds, Row::cpuPercent),
            median(rounds, Row::megabytes),
            median(rounds, Row::scrapeMillis),
            median(rounds, Row::withdrawalMillis));
    out.printf(
        "  %2d instances: all READY in %.2f s; orchestrator %.2f %% of a core, %.1f MB;"
            + " scrape %.1f ms; one stopped in %.0f ms%n",
        size,
        row.startSeconds(),
        row.cpuPercent(),
        row.megabytes(),
        row.scrapeMillis(),
        row.withdrawalMillis());
    return row;
  }

  private static double median(List<Row> rounds, Function<Row, Double> value) {
    return new Samples(rounds.stream().mapToDouble(value::apply).toArray()).median();
  }

  private static long availableMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith("MemAvailable:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** Linear or better: so many times the least node's, at most. */
  private static List<Figure> figures(List<Row> rows) {
    List<Figure> figures = new ArrayList<>();
    if (rows.size() < 2) {
      return figures;
    }
    Row least = rows.get(0);
    Row most = rows.get(rows.size() - 1);
    double growth = most.instances() / (double) least.instances();
    String name = ", " + most.instances() + " instances, against ";
    String linear = name + (int) growth + " x " + least.instances();
    figures.add(
        Figure.of(
            "start of a node" + linear,
            most.startSeconds(),
            "s",
            growth * least.startSeconds(),
            "<= 1",
            WHY));
    figures.add(
        Figure.of(
            "orchestrator's idle CPU" + linear,
            most.cpuPercent(),
            "%",
            growth * least.cpuPercent(),
            "<= 1",
            WHY));
    figures.add(
        Figure.of(
            "orchestrator's memory (PSS)" + name + least.instances(),
            most.megabytes(),
            "MB",
            least.megabytes(),
            "<= 2",
            WHY));
    figures.add(
        Figure.of(
            "scrape" + linear,
            most.scrapeMillis(),
            "ms",
            growth * least.scrapeMillis(),
            "<= 1",
            WHY));
    figures.add(
        Figure.of(
            "stop of an instance, which all hosts hear of first" + linear,
            most.withdrawalMillis(),
            "ms",
            growth * least.withdrawalMillis(),
            "<= 1",
            WHY));
    return figures;
  }
}
