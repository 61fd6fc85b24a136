package blackhole.bench.call;

import blackhole.api.host.TlsFiles;
import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.Ports;
import blackhole.bench.start.HostContender;
import blackhole.bench.start.StartedProcess;
import blackhole.launcher.distribution.Unpacker;
import blackhole.orchestrator.tls.DevelopmentTls;
import blackhole.orchestrator.tls.NodeNames;
import blackhole.orchestrator.tls.x509.X509Issuer;
import io.grpc.Channel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The calls of {@link Calls} as they go to another node: over TCP with mutual TLS, to a service
 * host by our client, and with grpc-java alone at both ends, with and without hooks. One
 * certificate does for all, and the provider, protocols and ciphers are the same.
 */
public final class TlsCalls {
  private static final String NODE = "bench";
  private static final Duration VALIDITY = Duration.ofDays(60);
  private static final FloorWords WHY =
      new FloorWords("hooks that do nothing", "see BENCHMARKS.md");

  private final Effort effort;
  private final PrintStream out;

  public TlsCalls(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /**
   * @param directory an empty directory with a short path
   * @param service the jar of the measured service's bundle
   * @param jvmFlags a host's, for all servers
   */
  public List<Figure> run(Path directory, Path service, List<String> jvmFlags)
      throws IOException, InterruptedException {
    TlsFiles files = certificates(directory.resolve("tls"));
    int port = Ports.free();
    HostContender host =
        new HostContender(
            directory.resolve("home"),
            Unpacker.unpack(directory.resolve("lib")),
            jvmFlags,
            service,
            OptionalInt.of(port),
            Optional.of(files));
    host.train();
    Contest contest = new Contest(effort);
    List<StartedProcess> servers = new ArrayList<>();
    try (OurClient ours = new OurClient(Optional.of(files));
        BareClient bare = new BareClient()) {
      servers.add(StartedProcess.start(host.command(), host.socket(), directory.resolve("out")));
      Contest.Contender measured =
          contest.add("service host and our client", ours.open(port, NODE));
      List<Contest.Contender> others = new ArrayList<>();
      for (Observation observation : List.of(Observation.NONE, Observation.HOOKS)) {
        Path socket = directory.resolve(observation.argument() + ".sock");
        int own = Ports.free();
        servers.add(
            StartedProcess.start(
                Calls.command(
                    jvmFlags,
                    socket,
                    HandlerThreads.OURS,
                    observation.argument(),
                    Integer.toString(own),
                    files.certificate().toString(),
                    files.key().toString(),
                    files.certificateAuthority().toString()),
                socket,
                directory.resolve("out")));
        others.add(contest.add(observation.words(), client(bare, observation, own, files)));
      }
      for (StartedProcess server : servers) {
        double unused = server.awaitServingMillis(ours.sockets());
      }
      contest.run();
      contest.print(out);
      return Contest.figures("mutual TLS", measured, others.get(0), ">= 0.95", others.get(1), WHY);
    } finally {
      servers.forEach(StartedProcess::close);
    }
  }

  private static Channel client(BareClient bare, Observation observation, int port, TlsFiles files)
      throws IOException {
    return observation == Observation.HOOKS
        ? Floor.client(bare.open(port, NODE, files, Floor.RETRIES), OurClient.TOKEN)
        : bare.open(port, NODE, files, Map.of());
  }

  private static TlsFiles certificates(Path directory) throws IOException {
    return new DevelopmentTls(X509Issuer::new, Clock.systemUTC())
        .prepare(
            new DevelopmentTls.Request(
                directory,
                directory.resolve("node"),
                new NodeNames(NODE, List.of("localhost", "127.0.0.1")),
                VALIDITY,
                false))
        .files();
  }
}
