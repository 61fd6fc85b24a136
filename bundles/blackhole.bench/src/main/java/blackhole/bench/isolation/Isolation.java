package blackhole.bench.isolation;

import blackhole.bench.CpuTime;
import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.Samples;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a service's callers notice of bad neighbours: one that spins, with the usual period of its
 * quota and with a short one, one that leaks until the kernel ends it, over and over, and one that
 * ends as soon as it starts. In each round each of them is beside the service once, and once nobody
 * is.
 */
public final class Isolation {
  private static final String WHY =
      "whoever may have half a core has one of two for a slice of the scheduler's, 2 to 3 ms, when a"
          + " call comes; a program that only sleeps and wakes is as late; see BENCHMARKS.md";

  private static final int CALLS_PER_SECOND = 500;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration MEASURED = Duration.ofSeconds(15);
  private static final String ALONE = "nobody";

  private final Effort effort;
  private final int rounds;
  private final PrintStream out;

  public Isolation(Effort effort, PrintStream out) {
    this.effort = effort;
    this.rounds = effort.rounds();
    this.out = out;
  }

  /** One neighbour's measurements, by round. */
  private record Column(
      String neighbour,
      double[] p50,
      double[] p99,
      double[] orchestrator,
      double[] logKilobytes,
      int[] deaths) {
    Column(String neighbour, int rounds) {
      this(
          neighbour,
          new double[rounds],
          new double[rounds],
          new double[rounds],
          new double[rounds],
          new int[rounds]);
    }
  }

  /**
   * @param service the jar of the measured service's bundle
   */
  public List<Figure> run(Path service) {
    Column alone = new Column(ALONE, rounds);
    List<Column> beside =
        Neighbourhood.NEIGHBOURS.stream().map(name -> new Column(name, rounds)).toList();
    List<Column> all = new ArrayList<>(beside);
    all.add(0, alone);
    long calls = 0;
    long failed = 0;
    try (Neighbourhood hood = new Neighbourhood(service)) {
      SteadyLoad.Outcome unused =
          SteadyLoad.run(hood.channel(), CALLS_PER_SECOND, effort.of(WARM_UP));
      for (int round = 0; round < rounds; round++) {
        for (Column column : all) {
          SteadyLoad.Outcome outcome = measure(hood, column, round);
          calls += outcome.calls();
          failed += outcome.failed();
        }
      }
    }
    out.printf("%d calls/s beside a neighbour: %d of %d failed%n", CALLS_PER_SECOND, failed, calls);
    all.forEach(this::print);
    return figures(alone, beside, failed);
  }

  private static SteadyLoad.Outcome measure(Neighbourhood hood, Column column, int round) {
    String neighbour = column.neighbour();
    boolean alone = neighbour.equals(ALONE);
    if (!alone) {
      hood.start(neighbour);
    }
    int deaths = alone ? 0 : hood.deaths(neighbour);
    long log = hood.logBytes();
    CpuTime cpu = CpuTime.of(hood.orchestrator());
    SteadyLoad.Outcome outcome = SteadyLoad.run(hood.channel(), CALLS_PER_SECOND, MEASURED);
    column.orchestrator()[round] = cpu.percentSince();
    column.logKilobytes()[round] = (hood.logBytes() - log) / 1024.0;
    column.deaths()[round] = alone ? 0 : hood.deaths(neighbour) - deaths;
    column.p50()[round] = outcome.p50Micros() / 1000;
    column.p99()[round] = outcome.p99Micros() / 1000;
    if (!alone) {
      hood.stop(neighbour);
    }
    return outcome;
  }

  private void print(Column column) {
    out.printf(
        "  %-7s p50 %s%n          p99 %s%n          orchestrator %s of a core, log %s, deaths %s%n",
        column.neighbour(),
        new Samples(column.p50()).summary("ms"),
        new Samples(column.p99()).summary("ms"),
        new Samples(column.orchestrator()).summary("%"),
        new Samples(column.logKilobytes()).summary("KB"),
        Arrays.toString(column.deaths()));
  }

  private static List<Figure> figures(Column alone, List<Column> beside, long failed) {
    List<Figure> figures = new ArrayList<>();
    String why = failed > 0 ? failed + " calls failed" : WHY;
    for (Column column : beside) {
      String name = " beside one that does " + column.neighbour() + ", against alone";
      figures.add(Figure.ofRounds("p50" + name, column.p50(), "ms", alone.p50(), "<= 1.2", why));
      figures.add(Figure.ofRounds("p99" + name, column.p99(), "ms", alone.p99(), "<= 2", why));
    }
    return figures;
  }
}
