package blackhole.bench.recover;

import blackhole.bench.Figure;
import blackhole.bench.Samples;
import blackhole.bench.peer.Peers;
import blackhole.bench.service.FirstAnswer;
import blackhole.bench.start.BareContender;
import blackhole.client.UnixSocketChannels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code kill -9} to the next answered call, of the same service: on a node with a warm spare, on
 * one without, in a bare JVM that has waited, and in one that is started by PM2, where that is
 * installed. In turn.
 */
public final class Recovery {
  private static final int WARM_UP = 2;

  private static final String WHY =
      "processor time: what a takeover does is done for the second time in that process, and both"
          + " cores are busy with it; see BENCHMARKS.md";

  private static final int SPARE = 0;
  private static final int COLD = 1;
  private static final int WAITING = 2;
  private static final int PM2 = 3;

  private final int rounds;
  private final PrintStream out;

  public Recovery(int rounds, PrintStream out) {
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
    List<Supervised> all = new ArrayList<>();
    try {
      all.add(new NodeService(service, 1));
      all.add(new NodeService(service, 0));
      all.add(waiting(directory, jvmFlags));
      if (Peers.hasPm2()) {
        all.add(pm2(directory, jvmFlags));
      }
      return figures(all, measure(all));
    } finally {
      for (Supervised one : all) {
        one.close();
      }
    }
  }

  private static Supervised waiting(Path directory, List<String> jvmFlags)
      throws IOException, InterruptedException {
    BareContender bare = bare(directory.resolve("waiting"), jvmFlags);
    return new WaitingServer(bare.command(), bare.socket());
  }

  private static BareContender bare(Path directory, List<String> jvmFlags)
      throws IOException, InterruptedException {
    BareContender bare = new BareContender(Files.createDirectories(directory), jvmFlags);
    bare.train();
    return bare;
  }

  private static Supervised pm2(Path directory, List<String> jvmFlags)
      throws IOException, InterruptedException {
    BareContender bare = bare(directory, jvmFlags);
    return new Pm2Service(bare.command(), directory.resolve("pm2"), bare.socket());
  }

  private double[][] measure(List<Supervised> all) throws IOException, InterruptedException {
    double[][] millis = new double[all.size()][rounds];
    try (UnixSocketChannels channels = new UnixSocketChannels()) {
      Outage outage = new Outage(new FirstAnswer(channels));
      for (int round = -WARM_UP; round < rounds; round++) {
        for (int i = 0; i < all.size(); i++) {
          long pid = all.get(i).awaitPrepared();
          double took = outage.millis(pid, all.get(i).socket());
          if (round >= 0) {
            millis[i][round] = took;
          }
        }
      }
    }
    return millis;
  }

  private List<Figure> figures(List<Supervised> all, double[][] millis) {
    out.println("kill -9 to the next answered call");
    for (int i = 0; i < all.size(); i++) {
      out.printf("  %-20s  %s%n", all.get(i).name(), new Samples(millis[i]).summary("ms"));
    }
    List<Figure> figures = new ArrayList<>();
    figures.add(figure("cold start", millis, COLD, "<= 0.5", WHY));
    figures.add(figure("a bare JVM that waits", millis, WAITING, "<= 4", WHY));
    if (all.size() > PM2) {
      figures.add(figure("PM2", millis, PM2, "<= 0.2", why(millis)));
    } else {
      out.println("  PM2 is not installed: not compared with it");
    }
    return figures;
  }

  /** By the floor in the same rounds. */
  private static String why(double[][] millis) {
    double[] ratios = new double[millis[WAITING].length];
    Arrays.setAll(ratios, round -> millis[WAITING][round] / millis[PM2][round]);
    return String.format(
        Locale.ROOT,
        "a JVM with grpc-java alone that has only waited has %.2f of PM2 in this run; the rest is %s",
        new Samples(ratios).median(),
        WHY);
  }

  private static Figure figure(
      String against, double[][] millis, int baseline, String target, String whyNot) {
    return Figure.ofRounds(
        "kill -9 to next call, spare against " + against,
        millis[SPARE],
        "ms",
        millis[baseline],
        target,
        whyNot);
  }
}
