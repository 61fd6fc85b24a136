package blackhole.bench.update;

import blackhole.bench.Latencies;
import io.grpc.ManagedChannel;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs one scenario, and prints what callers saw of each update. */
final class Turns {
  /**
   * What came of a scenario; times are in milliseconds, of calls that were due then.
   *
   * @param worstCalls the longest call beside each update
   */
  record Outcome(
      long calls,
      Failures failures,
      double quietP999,
      double besideP999,
      double worstHeld,
      double[] worstCalls) {}

  private static final Pattern HELD = Pattern.compile("held for ([0-9.]+) ms");

  /** A JVM of a node has most of its hot code compiled after half a minute of the load. */
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private static final Duration SHORT_WARM_UP = Duration.ofSeconds(12);
  private static final int SHORT = 10;

  /** What the last update leaves behind, cold code and a spare to be made, is not of the next. */
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private static final Duration QUIET = Duration.ofSeconds(2);

  /** From the command on, as long as it takes, and at least so long. */
  private static final Duration BESIDE = Duration.ofSeconds(3);

  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** What leaves two cores room: else it is the load that is measured, and not the update. */
  private static final int CALLS_PER_SECOND = 500;

  /** A call that is handed on is two, and beside it processes start. */
  private static final int RELAYED_PER_SECOND = 300;

  /** Twenty updates are to be among a hundred thousand calls at least. */
  private static final long CALLS_PER_UPDATE = 5_000;

  private static final long SHORT_CALLS_PER_UPDATE = 3_000;

  private static final int STREAMS = 5;

  private final UpdatedNode node;
  private final Scenario scenario;
  private final int updates;
  private final PrintStream out;

  Turns(UpdatedNode node, Scenario scenario, int updates, PrintStream out) {
    this.node = node;
    this.scenario = scenario;
    this.updates = updates;
    this.out = out;
  }

  Outcome run() {
    out.printf("%s%n", scenario.name());
    Failures failures = new Failures();
    ManagedChannel plain = node.channel(scenario.by());
    try (HealthClient watching =
        new HealthClient(node.socket(scenario.by()), scenario.watched(), failures)) {
      OpenLoad load =
          new OpenLoad(
              List.of(caller(plain, "plain"), caller(watching.channel(), "watching")),
              scenario.isRelayed() ? RELAYED_PER_SECOND : CALLS_PER_SECOND,
              failures);
      if (!scenario.streams()) {
        return run(load, failures, null);
      }
      try (CountedStreams streams = new CountedStreams(plain, STREAMS, failures)) {
        return run(load, failures, streams);
      }
    }
  }

  private OpenLoad.Caller caller(ManagedChannel channel, String client) {
    return scenario.service().equals(UpdatedNode.IDENTITY)
        ? Callers.identity(channel, client + (scenario.isRelayed() ? "-relayed" : ""))
        : Callers.versioned(channel);
  }

  private Outcome run(OpenLoad load, Failures failures, @Nullable CountedStreams streams) {
    boolean isShort = updates < SHORT;
    load.run(new Tally(new Latencies()), isShort ? SHORT_WARM_UP : WARM_UP, () -> true);
    long callsBefore = load.calls();
    long callsPerUpdate = isShort ? SHORT_CALLS_PER_UPDATE : CALLS_PER_UPDATE;
    Latencies quiet = new Latencies();
    Latencies beside = new Latencies();
    double worstHeld = 0;
    double[] worstCalls = new double[updates];
    for (int update = 1; update <= updates; update++) {
      Scenario.Version next = scenario.versions().get(update % scenario.versions().size());
      settle(load);
      long enough = callsBefore + callsPerUpdate * (update - 1) + callsPerUpdate / 2;
      load.run(new Tally(quiet), QUIET, () -> load.calls() >= enough);
      if (streams != null) {
        double unused = streams.worstGapMillis();
      }
      long failedBefore = failures.sum();
      Tally tally = new Tally(beside);
      double held = update(load, tally, next);
      // those that take longest are still under way
      load.awaitAnswers();
      worstHeld = Math.max(worstHeld, held);
      worstCalls[update - 1] = tally.worstMillis();
      String gap = "";
      if (streams != null) {
        streams.awaitAlive();
        gap = ", longest gap of a stream %.1f ms".formatted(streams.worstGapMillis());
      }
      out.printf(
          "  %2d: %s, calls held for %.1f ms, worst call %.1f ms%s, %d failed%n",
          update, next.version(), held, tally.worstMillis(), gap, failures.sum() - failedBefore);
    }
    long all = callsBefore + callsPerUpdate * updates;
    load.run(new Tally(quiet), Duration.ZERO, () -> load.calls() >= all);
    load.awaitAnswers();
    out.printf(
        "  %,d calls%s in %d updates, %d failed %s; p99.9 %.1f ms without updates, %.1f ms beside%n",
        load.calls() - callsBefore,
        streams == null ? "" : " and %,d messages of streams".formatted(streams.messages()),
        updates,
        failures.sum(),
        failures,
        p999(quiet),
        p999(beside));
    return new Outcome(
        load.calls() - callsBefore, failures, p999(quiet), p999(beside), worstHeld, worstCalls);
  }

  /** The load goes on until the node is again what it was before its first update. */
  private void settle(OpenLoad load) {
    CompletableFuture<Void> settled =
        scenario.rolling()
            ? CompletableFuture.runAsync(node::awaitSpare)
            : CompletableFuture.completedFuture(null);
    load.run(new Tally(new Latencies()), Duration.ZERO, settled::isDone);
    settled.join();
    load.run(new Tally(new Latencies()), SETTLING, () -> true);
  }

  private static double p999(Latencies latencies) {
    return latencies.micros(0.999) / 1000;
  }

  /** Goes on until all that is answered comes from the new version; gives how long calls waited. */
  private double update(OpenLoad load, Tally tally, Scenario.Version next) {
    CompletableFuture<String> command =
        CompletableFuture.supplyAsync(
            () -> node.update(scenario.service(), next.file(), scenario.rolling()));
    long limit = System.nanoTime() + LIMIT.toNanos();
    load.run(
        tally,
        BESIDE,
        () -> {
          if (System.nanoTime() - limit > 0) {
            throw new IllegalStateException("no answer of " + next.version() + " in " + LIMIT);
          }
          return command.isCompletedExceptionally()
              || command.isDone()
                  && (load.version().isEmpty() || load.version().equals(next.version()));
        });
    Matcher held = HELD.matcher(command.join());
    node.awaitVersion(scenario.service(), next.version());
    return held.find() ? Double.parseDouble(held.group(1)) : 0;
  }
}
