package blackhole.bench;

import blackhole.bench.call.Calls;
import blackhole.bench.call.ObservedCalls;
import blackhole.bench.call.TlsCalls;
import blackhole.bench.call.TracedCalls;
import blackhole.bench.events.Events;
import blackhole.bench.growth.Growth;
import blackhole.bench.growth.Simulation;
import blackhole.bench.isolation.Isolation;
import blackhole.bench.node.NodeStart;
import blackhole.bench.peer.Peers;
import blackhole.bench.recover.Recovery;
import blackhole.bench.scale.Scaling;
import blackhole.bench.service.EchoBundle;
import blackhole.bench.start.HostStart;
import blackhole.bench.update.Soak;
import blackhole.bench.update.Updating;
import blackhole.orchestrator.config.JvmFlags;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.distribution.JvmCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Runs the benchmarks, prints them as a table and writes {@code results.json}. Each round measures
 * ours and the baseline once, in turn. When one benchmark fails, the others run all the same.
 */
public final class Bench {
  private static final List<Benchmark> ALL =
      List.of(
          new Benchmark(
              "start",
              5,
              15,
              (effort, place) ->
                  new HostStart(effort.rounds(), place.out())
                      .run(place.directory(), place.service(), hostFlags())),
          new Benchmark(
              "node",
              1,
              5,
              (effort, place) -> new NodeStart(effort, place.out()).run(place.directory())),
          new Benchmark(
              "call",
              3,
              15,
              (effort, place) ->
                  new Calls(effort, place.out())
                      .run(place.directory(), place.service(), hostFlags())),
          new Benchmark(
              "tls",
              3,
              15,
              (effort, place) ->
                  new TlsCalls(effort, place.out())
                      .run(place.directory(), place.service(), hostFlags())),
          new Benchmark(
              "observe",
              3,
              15,
              (effort, place) ->
                  new ObservedCalls(effort, place.out()).run(place.directory(), hostFlags())),
          new Benchmark(
              "trace",
              3,
              15,
              (effort, place) -> new TracedCalls(effort, place.out()).run(place.service())),
          new Benchmark(
              "recover",
              3,
              15,
              (effort, place) ->
                  new Recovery(effort.rounds(), place.out())
                      .run(place.directory(), place.service(), hostFlags())),
          new Benchmark(
              "scale",
              1,
              5,
              (effort, place) -> new Scaling(effort, place.out()).run(place.service())),
          new Benchmark(
              "isolation",
              1,
              5,
              (effort, place) -> new Isolation(effort, place.out()).run(place.service())),
          new Benchmark(
              "events",
              1,
              5,
              (effort, place) -> new Events(effort.rounds(), place.out()).run(place.directory())),
          new Benchmark(
              "update",
              2,
              20,
              (effort, place) -> new Updating(effort.rounds(), place.out()).run(place.directory())),
          new Benchmark(
              "growth",
              1,
              3,
              (effort, place) -> new Growth(effort, place.out()).run(place.service())),
          new Benchmark(
              "simulation", 1, 3, (effort, place) -> new Simulation(effort, place.out()).run()),
          new Benchmark(
              "soak",
              1,
              1,
              (effort, place) -> new Soak(place.soak(), place.out()).run(place.directory())));

  private static final Duration SOAK = Duration.ofHours(1);
  private static final Duration SHORT_SOAK = Duration.ofMinutes(5);

  private Bench() {}

  /**
   * @param shortRounds rounds in a short run
   * @param fullRounds and in a full one
   */
  private record Benchmark(String name, int shortRounds, int fullRounds, Body body) {}

  private interface Body {
    List<Figure> run(Effort effort, Place place) throws Exception;
  }

  /**
   * What a benchmark gets.
   *
   * @param directory an empty one with a short path
   * @param service the jar of the measured service's bundle
   * @param soak how long there is load
   */
  private record Place(Path directory, Path service, Duration soak, PrintStream out) {}

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(List.of(arguments), ALL.stream().map(Benchmark::name).toList());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    // what services log of subscribers that are slow on purpose, and gRPC of those that go
    Logger.getLogger("").setLevel(Level.SEVERE);
    // short, because a socket's path must fit into 107 bytes
    Path directory = Files.createTempDirectory("bh-bench-");
    // also when somebody loses patience
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory), "remove"));
    System.exit(run(options, directory) ? 0 : 1);
  }

  /** Whether all of it came to its end. */
  private static boolean run(Options options, Path directory) throws Exception {
    PrintStream out = System.out;
    out.println(Machine.line());
    if (Machine.isBusy()) {
      out.println("this machine is busy with something else: the figures will say little");
    }
    out.println(Peers.line());
    Path service = EchoBundle.write(directory);
    List<Figure> figures = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Benchmark benchmark : ALL) {
      if (options.wants(benchmark.name())) {
        try {
          figures.addAll(run(benchmark, options, directory, service));
        } catch (Exception | AssertionError e) {
          failures.add(benchmark.name() + ": " + e);
          e.printStackTrace(out);
        }
      }
    }
    out.println();
    figures.forEach(figure -> out.println(figure.line()));
    failures.forEach(failure -> out.println("FAILED " + failure));
    write(figures, options, failures.isEmpty());
    return failures.isEmpty();
  }

  private static List<Figure> run(
      Benchmark benchmark, Options options, Path directory, Path service) throws Exception {
    int rounds =
        options
            .rounds()
            .orElse(options.isShort() ? benchmark.shortRounds() : benchmark.fullRounds());
    System.out.printf(
        "%n== %s, %d rounds%s%n", benchmark.name(), rounds, options.isShort() ? ", short" : "");
    Path own = Files.createDirectory(directory.resolve(benchmark.name()));
    return benchmark
        .body()
        .run(
            new Effort(rounds, options.isShort()),
            new Place(
                own,
                service,
                options.soak().orElse(options.isShort() ? SHORT_SOAK : SOAK),
                System.out));
  }

  /**
   * Only what was measured with all the rest, and in full, is written without being asked for.
   *
   * @param whole false where a benchmark failed, whose figures stay as they were
   */
  private static void write(List<Figure> figures, Options options, boolean whole)
      throws IOException {
    if (options.results().isEmpty() && (options.isShort() || !options.only().isEmpty())) {
      return;
    }
    Results results =
        new Results(
            options
                .results()
                .map(Path.of(System.getProperty("blackhole.bench.caller", ""))::resolve)
                .orElseGet(() -> Path.of(System.getProperty("blackhole.bench.results"))));
    if (options.only().isEmpty() && whole) {
      results.write(figures);
    } else {
      results.merge(figures);
    }
    System.out.println("written to " + results.file());
  }

  private static List<String> hostFlags() {
    ResourceLimits limits =
        new ResourceLimits(256L << 20, OptionalDouble.empty(), 0, OptionalInt.empty());
    // for servers without us too; a host has the first of them anyway
    return JvmFlags.of(limits, JvmCommand.startFlags());
  }

  private static void remove(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        boolean unused = Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println(directory + " could not be removed: " + e);
    }
  }
}
