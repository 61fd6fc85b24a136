package blackhole.bench;

import blackhole.bench.call.Calls;
import blackhole.bench.call.TracedCalls;
import blackhole.bench.events.Events;
import blackhole.bench.isolation.Isolation;
import blackhole.bench.recover.Recovery;
import blackhole.bench.scale.Scaling;
import blackhole.bench.start.HostStart;
import blackhole.bench.update.Updating;
import blackhole.orchestrator.config.JvmFlags;
import blackhole.orchestrator.config.ResourceLimits;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Runs the benchmarks, prints them and writes {@code results.json}. {@code Bench [ROUNDS]
 * [start|call|trace|recover|scale|isolation|events|update]}; each round measures ours and the
 * baseline once, in turn. With one of them named, it is only printed.
 */
public final class Bench {
  private static final int ROUNDS = 15;

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
    String only = arguments.length > 1 ? arguments[1] : "";
    Path results = Path.of(System.getProperty("blackhole.bench.results"));
    Path service = Path.of(System.getProperty("blackhole.bench.service"));
    // short, because a socket's path must fit into 107 bytes
    Path directory = Files.createTempDirectory("bh-bench-");
    try {
      System.out.printf(
          "%s, %d processors, %d rounds%n",
          Runtime.version(), Runtime.getRuntime().availableProcessors(), rounds);
      List<Figure> figures = new ArrayList<>();
      if (wanted(only, "start")) {
        figures.addAll(
            new HostStart(rounds, System.out)
                .run(Files.createDirectory(directory.resolve("s")), service, hostFlags()));
      }
      if (wanted(only, "call")) {
        figures.addAll(
            new Calls(rounds, System.out)
                .run(Files.createDirectory(directory.resolve("c")), service, hostFlags()));
      }
      if (wanted(only, "trace")) {
        figures.addAll(new TracedCalls(rounds, System.out).run(service));
      }
      if (wanted(only, "recover")) {
        figures.addAll(
            new Recovery(rounds, System.out)
                .run(Files.createDirectory(directory.resolve("r")), service, hostFlags()));
      }
      if (wanted(only, "scale")) {
        figures.addAll(new Scaling(rounds, System.out).run(service));
      }
      if (wanted(only, "isolation")) {
        figures.addAll(new Isolation(rounds, System.out).run(service));
      }
      if (wanted(only, "events")) {
        figures.addAll(
            new Events(rounds, System.out).run(Files.createDirectory(directory.resolve("e"))));
      }
      if (wanted(only, "update")) {
        figures.addAll(
            new Updating(rounds, System.out).run(Files.createDirectory(directory.resolve("u"))));
      }
      figures.forEach(figure -> System.out.println(figure.line()));
      if (only.isEmpty()) {
        write(figures, results);
      }
    } finally {
      remove(directory);
    }
    System.exit(0);
  }

  private static boolean wanted(String only, String name) {
    return only.isEmpty() || only.equals(name);
  }

  private static void write(List<Figure> figures, Path results) throws IOException {
    Files.writeString(
        results,
        new GsonBuilder()
                .disableHtmlEscaping()
                .serializeNulls()
                .setPrettyPrinting()
                .create()
                .toJson(figures)
            + "\n");
    System.out.println("written to " + results);
  }

  private static List<String> hostFlags() {
    ResourceLimits limits =
        new ResourceLimits(256L << 20, OptionalDouble.empty(), 0, OptionalInt.empty());
    return JvmFlags.of(limits, List.of());
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
