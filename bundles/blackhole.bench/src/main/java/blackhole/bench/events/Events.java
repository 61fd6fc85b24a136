package blackhole.bench.events;

import blackhole.bench.Figure;
import blackhole.bench.Samples;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The event stream against gRPC's own streams, which keep nothing: events delivered a second and
 * how late, with one subscriber and with a hundred. First, whether all promises are kept.
 */
public final class Events {
  private static final int[] SUBSCRIBERS = {1, 100};

  /** Delivered in a round, by all subscribers together. */
  private static final int DELIVERIES = 100_000;

  private static final int WARM_UP = 1;

  private final int rounds;
  private final PrintStream out;

  public Events(int rounds, PrintStream out) {
    this.rounds = rounds;
    this.out = out;
  }

  /**
   * @param directory an empty directory with a short path
   */
  public List<Figure> run(Path directory) throws IOException, InterruptedException {
    out.println("events, while subscribers stall, resume, go and come");
    new Promises(out).check(Files.createDirectory(directory.resolve("p")));
    List<Figure> figures = new ArrayList<>();
    for (int subscribers : SUBSCRIBERS) {
      figures.addAll(compare(directory, subscribers));
    }
    return figures;
  }

  private List<Figure> compare(Path directory, int subscribers)
      throws IOException, InterruptedException {
    double[][] perSecond = new double[2][rounds];
    double[][] p99 = new double[2][rounds];
    Path ours = Files.createDirectory(directory.resolve("o" + subscribers));
    Path bare = Files.createDirectory(directory.resolve("b" + subscribers));
    try (StreamServer events = StreamServer.ours(ours);
        StreamServer baseline = StreamServer.bare(bare)) {
      StreamServer[] servers = {events, baseline};
      for (int round = -WARM_UP; round < rounds; round++) {
        for (int i = 0; i < servers.length; i++) {
          // in turn first
          int which = Math.floorMod(round + i, servers.length);
          Delivery.Outcome outcome =
              Delivery.run(servers[which], subscribers, DELIVERIES / subscribers);
          if (round >= 0) {
            perSecond[which][round] = outcome.deliveredPerSecond();
            p99[which][round] = outcome.p99Micros();
          }
        }
      }
    }
    String words = subscribers == 1 ? "1 subscriber" : subscribers + " subscribers";
    out.println("events to " + words + ", 64 being published");
    print("event stream", perSecond[0], p99[0]);
    print("bare streams", perSecond[1], p99[1]);
    return List.of(
        Figure.ofRounds(
            "events delivered, " + words,
            perSecond[0],
            "/s",
            perSecond[1],
            ">= 0.3",
            "see BENCHMARKS.md"),
        Figure.ofRounds(
            "p99 from publishing to delivery, " + words,
            p99[0],
            "us",
            p99[1],
            "<= 5",
            "see BENCHMARKS.md"));
  }

  private void print(String name, double[] perSecond, double[] p99) {
    out.println("  " + name + "  " + new Samples(perSecond).summary("/s"));
    out.println("  " + " ".repeat(name.length()) + "  p99 " + new Samples(p99).summary("us"));
  }
}
