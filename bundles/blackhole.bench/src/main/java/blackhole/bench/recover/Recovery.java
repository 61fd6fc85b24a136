package blackhole.bench.recover;

import blackhole.bench.Figure;
import blackhole.bench.Samples;
import blackhole.bench.peer.Peers;
import blackhole.bench.service.FirstAnswer;
import blackhole.bench.start.BareContender;
import blackhole.client.UnixSocketChannels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kill -9} to the next answered call, of the same service: on a node with a warm spare, on
 * one without, and without any of this under PM2, where that is installed. In turn.
 */
public final class Recovery {
  private static final int WARM_UP = 2;

  /** By the journal and the host's log; BENCHMARKS.md has the figures. */
  private static final String WHY =
      "before spares had their longer trial, of 145 ms until READY a sixth went by until the end was"
          + " known, half for the spare's components and its bundle, a quarter for the service's"
          + " start; there is no floor yet; see BENCHMARKS.md";

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

  private static Supervised pm2(Path directory, List<String> jvmFlags)
      throws IOException, InterruptedException {
    BareContender bare = new BareContender(directory, jvmFlags);
    bare.train();
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
    figures.add(figure("kill -9 to next call, spare against cold start", millis, 1, "<= 0.5"));
    if (all.size() > 2) {
      figures.add(figure("kill -9 to next call, spare against PM2", millis, 2, "<= 0.2"));
    } else {
      out.println("  PM2 is not installed: not compared with it");
    }
    return figures;
  }

  private static Figure figure(String name, double[][] millis, int baseline, String target) {
    return Figure.ofRounds(name, millis[0], "ms", millis[baseline], target, WHY);
  }
}
