package blackhole.bench.call;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.start.StartedProcess;
import blackhole.client.UnixSocketChannels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What it costs a call that its server observes it: grpc-java alone, the same with a tracer that
 * does nothing, with a host's metrics, and with its metrics and traces. Nothing else is different;
 * all run during the whole benchmark, and are asked in turn.
 */
public final class ObservedCalls {
  private static final List<Observation> ASKED =
      List.of(Observation.NONE, Observation.TRACER, Observation.METRICS, Observation.TRACES);

  private static final FloorWords WHY =
      new FloorWords("a tracer that does nothing", "see BENCHMARKS.md");

  private final Effort effort;
  private final PrintStream out;

  public ObservedCalls(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /**
   * @param directory an empty directory with a short path
   * @param jvmFlags a host's, for all servers
   */
  public List<Figure> run(Path directory, List<String> jvmFlags) throws IOException {
    List<StartedProcess> processes = new ArrayList<>();
    Contest contest = new Contest(effort);
    Map<Observation, Contest.Contender> servers = new EnumMap<>(Observation.class);
    try (BareClient client = new BareClient();
        UnixSocketChannels channels = new UnixSocketChannels()) {
      for (Observation observation : ASKED) {
        Path socket = directory.resolve(observation.argument() + ".sock");
        StartedProcess process =
            StartedProcess.start(
                Calls.command(jvmFlags, socket, HandlerThreads.OURS, observation.argument()),
                socket,
                directory.resolve("out"));
        processes.add(process);
        double unused = process.awaitServingMillis(channels);
        servers.put(observation, contest.add(observation.words(), client.open(socket)));
      }
      contest.run();
      contest.print(out);
      return figures(servers);
    } finally {
      processes.forEach(StartedProcess::close);
    }
  }

  private static List<Figure> figures(Map<Observation, Contest.Contender> servers) {
    Contest.Contender none = servers.get(Observation.NONE);
    Contest.Contender tracer = servers.get(Observation.TRACER);
    Contest.Contender metrics = servers.get(Observation.METRICS);
    Contest.Contender traces = servers.get(Observation.TRACES);
    if (none == null || tracer == null || metrics == null || traces == null) {
      throw new IllegalStateException("not all of them were asked");
    }
    List<Figure> figures = new ArrayList<>();
    figures.addAll(
        Contest.figures("metrics on against off", metrics, none, ">= 0.97", tracer, WHY));
    figures.addAll(
        Contest.figures("metrics and traces on against off", traces, none, ">= 0.97", tracer, WHY));
    return figures;
  }
}
