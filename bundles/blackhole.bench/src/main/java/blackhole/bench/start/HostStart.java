package blackhole.bench.start;

import blackhole.bench.Figure;
import blackhole.bench.Samples;
import blackhole.client.UnixSocketChannels;
import blackhole.launcher.distribution.Unpacker;
import blackhole.orchestrator.distribution.Distribution;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Host start to SERVING, and its memory, against a bare grpc-java server JVM: the same JVM, flags,
 * kind of archive, transport and service, in turn; and against such a server in a framework with
 * nothing of ours, which tells what a framework costs from what we do in it.
 */
public final class HostStart {
  private static final int WARM_UP = 2;

  /** By sampling the main thread; BENCHMARKS.md tells how. */
  private static final String WHY =
      "of a host's main thread, Declarative Services have 28 %, the installation of bundles 24 %, the"
          + " framework itself 21 %, resolving 13 %";

  private static final String WHY_MEMORY =
      "the framework, Declarative Services, and what describes their components";

  private final int rounds;
  private final PrintStream out;

  public HostStart(int rounds, PrintStream out) {
    this.rounds = rounds;
    this.out = out;
  }

  /**
   * @param directory an empty directory with a short path
   * @param service the jar of the measured service's bundle
   * @param jvmFlags a host's
   */
  public List<Figure> run(Path directory, Path service, List<String> jvmFlags)
      throws IOException, InterruptedException {
    Contender bare = new BareContender(directory, jvmFlags);
    Distribution distribution = Unpacker.unpack(directory.resolve("lib"));
    Contender host = new HostContender(directory.resolve("home"), distribution, jvmFlags, service);
    Contender framework = BareContender.inFramework(directory, distribution, jvmFlags, service);
    Contender[] contenders = {host, bare, framework};
    for (Contender contender : contenders) {
      contender.train();
    }
    double[][] millis = new double[contenders.length][rounds];
    double[][] megabytes = new double[contenders.length][rounds];
    try (UnixSocketChannels channels = new UnixSocketChannels()) {
      for (int round = -WARM_UP; round < rounds; round++) {
        for (int i = 0; i < contenders.length; i++) {
          try (StartedProcess started =
              StartedProcess.start(
                  contenders[i].command(), contenders[i].socket(), directory.resolve("out"))) {
            double took = started.awaitServingMillis(channels);
            double held = started.pssMegabytes();
            if (round >= 0) {
              millis[i][round] = took;
              megabytes[i][round] = held;
            }
          }
        }
      }
    }
    List<Figure> figures = new ArrayList<>();
    figures.addAll(figures("host start to SERVING", millis, "ms", WHY));
    figures.addAll(figures("host memory when SERVING (PSS)", megabytes, "MB", WHY_MEMORY));
    return figures;
  }

  private List<Figure> figures(String name, double[][] values, String unit, String why) {
    Samples ours = new Samples(values[0]);
    Samples bare = new Samples(values[1]);
    Samples framework = new Samples(values[2]);
    out.println(name);
    out.println("  host                        " + ours.summary(unit));
    out.println("  grpc-java in a framework    " + framework.summary(unit));
    out.println("  bare grpc-java              " + bare.summary(unit));
    return List.of(
        Figure.of(
            name,
            ours.median(),
            unit,
            bare.median(),
            "<= 1.5",
            String.format(
                Locale.ROOT,
                "a framework with nothing of ours had %.2f of bare grpc-java in the same run; %s",
                framework.median() / bare.median(),
                why)),
        Figure.of(
            name + ", against a framework alone",
            ours.median(),
            unit,
            framework.median(),
            "<= 1.25",
            "what we add to a framework: the service's supervision, its metrics and its calls"));
  }
}
