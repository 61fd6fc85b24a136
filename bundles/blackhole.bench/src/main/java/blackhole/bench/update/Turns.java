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
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** From the command on, as long as it takes, and at least so long. */
  private static final Duration BESIDE = Duration.ofSeconds(3);

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int CALLS_PER_SECOND = 1_000;

  /** A call that is handed on is two, and all that wait at once have to fit into a bulkhead. */
  private static final int RELAYED_PER_SECOND = 500;

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
    load.run(new Tally(new Latencies()), WARM_UP, () -> true);
    Latencies quiet = new Latencies();
    Latencies beside = new Latencies();
    double worstHeld = 0;
    double[] worstCalls = new double[updates];
    for (int update = 1; update <= updates; update++) {
      Scenario.Version next = scenario.versions().get(update % scenario.versions().size());
      load.run(new Tally(quiet), QUIET, () -> true);
      if (streams != null) {
        double unused = streams.worstGapMillis();
      }
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
          "  %2d: %s, calls held for %.1f ms, worst call %.1f ms%s%n",
          update, next.version(), held, tally.worstMillis(), gap);
    }
    load.awaitAnswers();
    out.printf(
        "  %,d calls%s in %d updates, %d failed %s; p99.9 %.1f ms without updates, %.1f ms beside%n",
        load.calls(),
        streams == null ? "" : " and %,d messages of streams".formatted(streams.messages()),
        updates,
        failures.sum(),
        failures,
        p999(quiet),
        p999(beside));
    return new Outcome(load.calls(), failures, p999(quiet), p999(beside), worstHeld, worstCalls);
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
