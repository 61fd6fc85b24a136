package blackhole.bench.call;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import io.grpc.Channel;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Servers that are asked in turn, with one call in flight and with many. Not thread-safe. */
final class Contest {
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration MEASURED = Duration.ofSeconds(2);
  private static final int[] IN_FLIGHT = {1, 64};

  private final Effort effort;
  private final List<Contender> contenders = new ArrayList<>();

  /**
   * @param results by index of {@link #IN_FLIGHT}
   */
  record Contender(String name, Channel channel, List<Rounds> results) {}

  Contest(Effort effort) {
    this.effort = effort;
  }

  Contender add(String name, Channel channel) {
    List<Rounds> results = List.of(new Rounds(effort.rounds()), new Rounds(effort.rounds()));
    Contender added = new Contender(name, channel, results);
    contenders.add(added);
    return added;
  }

  /** Warms all of them up, and asks them in turn, each round beginning with another one. */
  void run() {
    for (Contender each : contenders) {
      Load.Outcome unused = Load.run(each.channel(), 64, 0, effort.of(WARM_UP));
      unused = Load.run(each.channel(), 1, 0, effort.of(WARM_UP).dividedBy(4));
    }
    for (int round = 0; round < effort.rounds(); round++) {
      for (int load = 0; load < IN_FLIGHT.length; load++) {
        for (int i = 0; i < contenders.size(); i++) {
          Contender each = contenders.get((round + i) % contenders.size());
          each.results()
              .get(load)
              .set(round, Load.run(each.channel(), IN_FLIGHT[load], 0, MEASURED));
        }
      }
    }
  }

  void print(PrintStream out) {
    for (int load = 0; load < IN_FLIGHT.length; load++) {
      out.println(IN_FLIGHT[load] + " in flight");
      for (Contender each : contenders) {
        out.printf("  %-38s %s%n", each.name(), each.results().get(load).summary());
      }
    }
  }

  /**
   * Calls and p99 of one against another, with each load.
   *
   * @param words follow in each figure's name
   * @param calls the target for calls a second; p99 may be a twentieth more
   * @param floor what the least is that could be there in the place of ours
   */
  static List<Figure> figures(
      String words,
      Contender ours,
      Contender theirs,
      String calls,
      Contender floor,
      FloorWords why) {
    List<Figure> figures = new ArrayList<>();
    for (int load = 0; load < IN_FLIGHT.length; load++) {
      String name = words + ", " + IN_FLIGHT[load] + " in flight";
      Rounds on = ours.results().get(load);
      Rounds off = theirs.results().get(load);
      Rounds least = floor.results().get(load);
      figures.add(
          Figure.ofRounds(
              "calls, " + name,
              on.callsPerSecond(),
              "calls/s",
              off.callsPerSecond(),
              calls,
              why.words(least, off, Rounds::callsPerSecond)));
      figures.add(
          Figure.ofRounds(
              "p99, " + name,
              on.p99Micros(),
              "us",
              off.p99Micros(),
              "<= 1.05",
              why.words(least, off, Rounds::p99Micros)));
    }
    return figures;
  }
}
