package blackhole.bench.growth;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.Samples;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one death costs the supervisor, the registry and the resolvers of a node, with all that
 * follows from it until the instance serves again, and with the health checks of that time: on a
 * node with 100, 300 and 1,000 services of three instances each, of which one in a hundred dies
 * each second. Hosts and time are simulated, the rest is the real thing, in this thread.
 */
public final class Simulation {
  private static final int[] SERVICES = {100, 300, 1_000};
  private static final int INSTANCES = 3;
  private static final int FOLLOWERS = 50;

  /** As many deaths at each size. */
  private static final int DEATHS = 3_000;

  private static final int SHORT_DEATHS = 600;
  private static final String WHY =
      "it is the same work by what it allocates; with ten times as many instances the trees and"
          + " queues are deeper, and what they hold does not fit into a core's cache; see"
          + " BENCHMARKS.md";

  private final Effort effort;
  private final PrintStream out;

  public Simulation(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /**
   * @param micros processor time of a death
   * @param kilobytes that it allocates
   * @param startMicros of an instance, when all are started
   * @param followerNanos of a change, for each host that follows
   * @param followerBytes that it allocates
   */
  private record Row(
      int services,
      double[] micros,
      double[] kilobytes,
      double[] startMicros,
      double[] followerNanos,
      double[] followerBytes) {}

  public List<Figure> run() {
    List<Row> rows = new ArrayList<>();
    for (int services : SERVICES) {
      rows.add(
          new Row(
              services,
              new double[effort.rounds()],
              new double[effort.rounds()],
              new double[effort.rounds()],
              new double[effort.rounds()],
              new double[effort.rounds()]));
    }
    // for the compilers
    measure(rows.get(0), 0);
    for (int round = 0; round < effort.rounds(); round++) {
      for (Row row : rows) {
        measure(row, round);
      }
    }
    for (Row row : rows) {
      out.printf(
          "  %,5d services x %d%n    a death            %s%n                       %s%n"
              + "    a start of all     %s%n    a change, a host   %s%n                       %s%n",
          row.services(),
          INSTANCES,
          new Samples(row.micros()).summary("us"),
          new Samples(row.kilobytes()).summary("KB"),
          new Samples(row.startMicros()).summary("us"),
          new Samples(row.followerNanos()).summary("ns"),
          new Samples(row.followerBytes()).summary("bytes"));
    }
    Row least = rows.get(0);
    Row most = rows.get(rows.size() - 1);
    return List.of(
        figure("CPU of a death", most.micros(), "us", least.micros(), "<= 1.5"),
        figure("allocation of a death", most.kilobytes(), "KB", least.kilobytes(), "<= 1.1"),
        figure(
            "CPU of a start when all start",
            most.startMicros(),
            "us",
            least.startMicros(),
            "<= 1.5"),
        figure(
            "allocation of a change for each host that follows",
            most.followerBytes(),
            "bytes",
            least.followerBytes(),
            "<= 1.1"));
  }

  private static Figure figure(
      String name, double[] most, String unit, double[] least, String target) {
    return Figure.ofRounds(
        name + ", 1,000 services simulated, against 100", most, unit, least, target, WHY);
  }

  private void measure(Row row, int round) {
    Run alone = run(row.services(), 0);
    Run followed = run(row.services(), FOLLOWERS);
    row.micros()[round] = alone.churn().cpuNanos() / 1e3 / alone.deaths();
    row.kilobytes()[round] = alone.churn().bytes() / 1024.0 / alone.deaths();
    row.startMicros()[round] = alone.start().cpuNanos() / 1e3 / (row.services() * INSTANCES);
    row.followerNanos()[round] =
        Math.max(1, followed.churn().cpuNanos() - alone.churn().cpuNanos())
            / (double) followed.changes();
    row.followerBytes()[round] =
        (followed.churn().bytes() - alone.churn().bytes()) / (double) followed.changes();
  }

  private record Run(Spent start, Spent churn, int deaths, long changes) {}

  private Run run(int services, int followers) {
    int wanted = effort.choose(DEATHS, SHORT_DEATHS);
    Duration time = Duration.ofMillis(wanted * 100_000L / (services * INSTANCES));
    Spent began = Spent.now();
    try (SimulatedNode node = new SimulatedNode(services, INSTANCES, followers)) {
      Spent start = Spent.now().since(began);
      // from here on some are always on their way back
      int unused = node.churn(time.dividedBy(4));
      long changes = node.revisions();
      long resolutions = node.resolutions();
      Spent before = Spent.now();
      int deaths = node.churn(time);
      Spent churn = Spent.now().since(before);
      if (deaths < wanted / 2 || node.resolutions() == resolutions) {
        throw new IllegalStateException("only " + deaths + " of " + wanted + " died, or none saw");
      }
      return new Run(start, churn, deaths, node.revisions() - changes);
    }
  }
}
