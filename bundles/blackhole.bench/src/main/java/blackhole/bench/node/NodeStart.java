package blackhole.bench.node;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.Pause;
import blackhole.bench.Samples;
import blackhole.bench.peer.KarafRoot;
import blackhole.bench.peer.Peers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The default node until all services are READY, against a Karaf root with as many child instances
 * that have nothing in them; on a fresh home, and as it is from then on. Then the memory that both
 * hold while nobody calls.
 */
public final class NodeStart {
  /** From READY until memory is looked at. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private static final int MOST_FIRST_STARTS = 3;
  private static final double MOST_MEGABYTES = 700;
  private static final String WHY =
      "bound by processor time: both cores are busy for nine tenths of it, most of that with hosts;"
          + " a framework with nothing of ours has 0.87 of a host's start alone; see BENCHMARKS.md";

  private static final String WHY_MEMORY =
      "about 17 MB of the archives' pages, which the JVM writes to, 28 of heap and metaspace, 5 of"
          + " code and 4 to 8 of malloc; see BENCHMARKS.md";

  private final Effort effort;
  private final PrintStream out;

  public NodeStart(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /** Theirs, round by round; empty arrays where Karaf is not installed. */
  private record Theirs(double[] first, double[] next, double[] child, double root) {
    static final Theirs NONE = new Theirs(new double[0], new double[0], new double[0], 0);
  }

  /**
   * @param directory an empty directory with a short path
   */
  public List<Figure> run(Path directory) throws IOException, InterruptedException {
    int firsts = Math.min(effort.rounds(), MOST_FIRST_STARTS);
    double[] first = new double[firsts];
    for (int round = 0; round < firsts - 1; round++) {
      try (DefaultNode node = new DefaultNode(directory.resolve("f" + round))) {
        first[round] = node.startMillis();
      }
    }
    double[] next = new double[effort.rounds()];
    double[] all = new double[effort.rounds()];
    double[] host = new double[effort.rounds()];
    Theirs theirs;
    try (DefaultNode node = new DefaultNode(directory.resolve("n"))) {
      first[firsts - 1] = node.startMillis();
      node.awaitArchive();
      node.stop();
      theirs = measure(node, directory, next, all, host);
    }
    print(first, next, all, host, theirs);
    return figures(first, next, all, host, theirs);
  }

  /** In turn with Karaf, where it is installed. */
  private Theirs measure(
      DefaultNode node, Path directory, double[] next, double[] all, double[] host)
      throws IOException, InterruptedException {
    Optional<Path> karaf = Peers.karaf();
    if (karaf.isEmpty()) {
      for (int round = 0; round < next.length; round++) {
        measure(node, round, next, all, host);
      }
      out.println("Karaf is not installed: not compared with it");
      return Theirs.NONE;
    }
    try (KarafRoot root = new KarafRoot(karaf.get(), directory.resolve("k"), node.instances())) {
      double[] first = {root.startMillis("")};
      root.stop();
      double[] theirNext = new double[next.length];
      double[] child = new double[next.length];
      double rootMegabytes = 0;
      for (int round = 0; round < next.length; round++) {
        measure(node, round, next, all, host);
        theirNext[round] = root.startMillis("");
        Pause.of(effort.of(SETTLED));
        child[round] = new Samples(root.childrenMegabytes()).median();
        rootMegabytes = root.rootMegabytes();
        root.stop();
      }
      return new Theirs(first, theirNext, child, rootMegabytes);
    }
  }

  private void measure(DefaultNode node, int round, double[] next, double[] all, double[] host)
      throws IOException, InterruptedException {
    next[round] = node.startMillis();
    Pause.of(effort.of(SETTLED));
    DefaultNode.Memory memory = node.memory();
    all[round] = memory.all();
    host[round] = new Samples(memory.hosts()).median();
    node.stop();
  }

  private void print(double[] first, double[] next, double[] all, double[] host, Theirs theirs) {
    out.println("the default node until all services are READY");
    out.println("  fresh home       " + new Samples(first).summary("ms"));
    out.println("  from then on     " + new Samples(next).summary("ms"));
    out.println("  all processes    " + new Samples(all).summary("MB"));
    out.println("  one idle host    " + new Samples(host).summary("MB"));
    if (theirs.next().length > 0) {
      out.println("Karaf, a root and as many child instances, until all shells listen");
      out.println("  first start      " + new Samples(theirs.first()).summary("ms"));
      out.println("  from then on     " + new Samples(theirs.next()).summary("ms"));
      out.println("  one idle child   " + new Samples(theirs.child()).summary("MB"));
      out.printf("  the root         %.1f MB%n", theirs.root());
    }
  }

  private static List<Figure> figures(
      double[] first, double[] next, double[] all, double[] host, Theirs theirs) {
    List<Figure> figures = new ArrayList<>();
    if (theirs.next().length > 0) {
      figures.add(
          Figure.ofRounds(
              "node with all services READY, against Karaf with as many children",
              next,
              "ms",
              theirs.next(),
              "<= 0.15",
              WHY));
      figures.add(
          Figure.of(
              "first start on a fresh home, against Karaf's",
              new Samples(first).median(),
              "ms",
              new Samples(theirs.first()).median(),
              "<= 0.15",
              WHY));
      figures.add(
          Figure.ofRounds(
              "memory of an idle host (PSS), against a Karaf child",
              host,
              "MB",
              theirs.child(),
              "<= 0.25",
              WHY_MEMORY));
    }
    figures.add(
        Figure.of(
            "memory of the default node (PSS), against 700 MB",
            new Samples(all).median(),
            "MB",
            MOST_MEGABYTES,
            "<= 1",
            WHY_MEMORY));
    return figures;
  }
}
