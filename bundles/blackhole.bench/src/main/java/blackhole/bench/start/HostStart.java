package blackhole.bench.start;

import blackhole.bench.Figure;
import blackhole.bench.Samples;
import blackhole.client.UnixSocketChannels;
import blackhole.launcher.distribution.Unpacker;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Host start to SERVING, and its memory, against a bare grpc-java server JVM: the same JVM, flags,
 * kind of archive, transport and service, in turn.
 */
public final class HostStart {
  private static final int WARM_UP = 2;

  /** By sampling the main thread; BENCHMARKS.md tells how. */
  private static final String WHY =
      "a framework starts too: of its main thread's time, Declarative Services are 28 %, the"
          + " installation of bundles 24 %, the framework itself 21 %, resolving 13 %";

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
    Contender host =
        new HostContender(
            directory.resolve("home"),
            Unpacker.unpack(directory.resolve("lib")),
            jvmFlags,
            service);
    bare.train();
    host.train();
    double[][] millis = new double[2][rounds];
    double[][] megabytes = new double[2][rounds];
    Contender[] contenders = {host, bare};
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
    return List.of(
        figure("host start to SERVING", millis, "ms", WHY),
        figure(
            "host memory when SERVING (PSS)",
            megabytes,
            "MB",
            "the framework, Declarative Services, and what describes their components"));
  }

  private Figure figure(String name, double[][] values, String unit, String why) {
    Samples ours = new Samples(values[0]);
    Samples bare = new Samples(values[1]);
    out.println(name);
    out.println("  host            " + ours.summary(unit));
    out.println("  bare grpc-java  " + bare.summary(unit));
    return Figure.of(name, ours.median(), unit, bare.median(), "<= 1.5", why);
  }
}
