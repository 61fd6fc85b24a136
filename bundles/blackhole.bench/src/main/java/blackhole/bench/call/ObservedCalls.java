package blackhole.bench.call;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.start.StartedProcess;
import blackhole.client.UnixSocketChannels;
import io.grpc.Channel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs a call that its server observes it: grpc-java alone, the same with a host's
 * metrics, and with its metrics and traces. Nothing else is different; all run during the whole
 * benchmark, and are asked in turn.
 */
public final class ObservedCalls {
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration MEASURED = Duration.ofSeconds(2);
  private static final int[] IN_FLIGHT = {1, 64};
  private static final String WHY = "see BENCHMARKS.md";

  private final Effort effort;
  private final PrintStream out;

  public ObservedCalls(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /**
   * @param results by index of {@link #IN_FLIGHT}
   */
  private record Server(Observation observation, Channel channel, List<Rounds> results) {}

  /**
   * @param directory an empty directory with a short path
   * @param jvmFlags a host's, for all servers
   */
  public List<Figure> run(Path directory, List<String> jvmFlags) throws IOException {
    List<StartedProcess> processes = new ArrayList<>();
    try (BareClient client = new BareClient();
        UnixSocketChannels channels = new UnixSocketChannels()) {
      List<Server> servers = new ArrayList<>();
      for (Observation observation : Observation.values()) {
        Path socket = directory.resolve(observation.argument() + ".sock");
        StartedProcess process =
            StartedProcess.start(
                Calls.command(jvmFlags, socket, HandlerThreads.OURS, observation.argument()),
                socket,
                directory.resolve("out"));
        processes.add(process);
        double unused = process.awaitServingMillis(channels);
        servers.add(
            new Server(
                observation,
                client.open(socket),
                List.of(new Rounds(effort.rounds()), new Rounds(effort.rounds()))));
      }
      for (Server server : servers) {
        Load.Outcome unused = Load.run(server.channel(), 64, 0, effort.of(WARM_UP));
        unused = Load.run(server.channel(), 1, 0, effort.of(WARM_UP).dividedBy(4));
      }
      for (int round = 0; round < effort.rounds(); round++) {
        measure(servers, round);
      }
      print(servers);
      return figures(servers);
    } finally {
      processes.forEach(StartedProcess::close);
    }
  }

  /** Each round begins with another one. */
  private static void measure(List<Server> servers, int round) {
    for (int load = 0; load < IN_FLIGHT.length; load++) {
      for (int i = 0; i < servers.size(); i++) {
        Server server = servers.get((round + i) % servers.size());
        server
            .results()
            .get(load)
            .set(round, Load.run(server.channel(), IN_FLIGHT[load], 0, MEASURED));
      }
    }
  }

  private void print(List<Server> servers) {
    for (int load = 0; load < IN_FLIGHT.length; load++) {
      out.println(IN_FLIGHT[load] + " in flight");
      for (Server server : servers) {
        out.printf(
            "  %-30s %s%n", server.observation().words(), server.results().get(load).summary());
      }
    }
  }

  private static List<Figure> figures(List<Server> servers) {
    List<Figure> figures = new ArrayList<>();
    List<Rounds> none = servers.get(0).results();
    for (int load = 0; load < IN_FLIGHT.length; load++) {
      for (Server server : servers.subList(1, servers.size())) {
        String name =
            (server.observation() == Observation.METRICS ? "metrics" : "metrics and traces")
                + " on against off, "
                + IN_FLIGHT[load]
                + " in flight";
        Rounds on = server.results().get(load);
        Rounds off = none.get(load);
        figures.add(
            Figure.ofRounds(
                "calls, " + name,
                on.callsPerSecond(),
                "calls/s",
                off.callsPerSecond(),
                ">= 0.97",
                WHY));
        figures.add(
            Figure.ofRounds("p99, " + name, on.p99Micros(), "us", off.p99Micros(), "<= 1.05", WHY));
      }
    }
    return figures;
  }
}
