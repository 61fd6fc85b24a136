package blackhole.bench.call;

import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.bench.start.HostContender;
import blackhole.bench.start.StartedProcess;
import blackhole.launcher.distribution.Unpacker;
import io.grpc.Channel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Unary calls of a few bytes over a Unix socket, from one process to another and on one connection:
 * through our client to a service host, and with grpc-java alone at both ends. All servers run
 * during the whole benchmark, and are asked in turn.
 */
public final class Calls {
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration MEASURED = Duration.ofSeconds(2);
  private static final FloorWords WHY =
      new FloorWords("hooks that do nothing", "see BENCHMARKS.md");

  private final Effort effort;
  private final int rounds;
  private final PrintStream out;

  public Calls(Effort effort, PrintStream out) {
    this.effort = effort;
    this.rounds = effort.rounds();
    this.out = out;
  }

  /** What is asked of a server. */
  private enum Kind {
    ONE("1 in flight", 1, 0),
    MANY("64 in flight", 64, 0),
    MIXED("64 in flight, 1 in 100 waits 3 ms", 64, 100);

    final String words;
    final int callsInFlight;
    final int waitEvery;

    Kind(String words, int callsInFlight, int waitEvery) {
      this.words = words;
      this.callsInFlight = callsInFlight;
      this.waitEvery = waitEvery;
    }
  }

  /** A server, the way to it, and what it did. */
  private record Contender(String name, Channel channel, Map<Kind, Rounds> results) {
    /** On an event loop nothing may wait, and hooks do nothing there either. */
    boolean takes(Kind kind) {
      return kind != Kind.MIXED || !(name.equals(DIRECT) || name.equals(FLOOR));
    }

    Rounds rounds(Kind kind) {
      Rounds rounds = results.get(kind);
      if (rounds == null) {
        throw new IllegalArgumentException(name + " was not asked that");
      }
      return rounds;
    }
  }

  private static final String HOST = "service host and our client";
  private static final String SAME = "bare, threads as ours";
  private static final String FLOOR = "bare, hooks that do nothing";
  private static final String DIRECT = "bare, directExecutor";
  private static final String DEFAULT = "bare, default executor";

  /**
   * @param directory an empty directory with a short path
   * @param service the jar of the measured service's bundle
   * @param jvmFlags a host's, for all servers
   */
  public List<Figure> run(Path directory, Path service, List<String> jvmFlags)
      throws IOException, InterruptedException {
    HostContender host =
        new HostContender(
            directory.resolve("home"),
            Unpacker.unpack(directory.resolve("lib")),
            jvmFlags,
            service);
    host.train();
    Path output = directory.resolve("out");
    List<StartedProcess> servers = new ArrayList<>();
    try (OurClient ours = new OurClient();
        BareClient bare = new BareClient()) {
      List<Contender> contenders = new ArrayList<>();
      servers.add(StartedProcess.start(host.command(), host.socket(), output));
      contenders.add(contender(HOST, ours.open(host.socket())));
      for (HandlerThreads threads : HandlerThreads.values()) {
        Path socket = directory.resolve(threads.argument() + ".sock");
        servers.add(StartedProcess.start(command(jvmFlags, socket, threads), socket, output));
        contenders.add(contender(name(threads), bare.open(socket)));
      }
      Path hooked = directory.resolve("hooks.sock");
      String hooks = Observation.HOOKS.argument();
      servers.add(
          StartedProcess.start(
              command(jvmFlags, hooked, HandlerThreads.OURS, hooks), hooked, output));
      contenders.add(
          contender(FLOOR, Floor.client(bare.open(hooked, Floor.RETRIES), OurClient.TOKEN)));
      for (StartedProcess server : servers) {
        double unused = server.awaitServingMillis(ours.sockets());
      }
      contenders.forEach(contender -> warmUp(contender, effort.of(WARM_UP)));
      for (int round = 0; round < rounds; round++) {
        measure(contenders, round);
      }
      print(contenders);
      return figures(contenders);
    } finally {
      servers.forEach(StartedProcess::close);
    }
  }

  private static String name(HandlerThreads threads) {
    return switch (threads) {
      case OURS -> SAME;
      case DIRECT -> DIRECT;
      case DEFAULT -> DEFAULT;
    };
  }

  private Contender contender(String name, Channel channel) {
    Map<Kind, Rounds> results = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      results.put(kind, new Rounds(rounds));
    }
    return new Contender(name, channel, results);
  }

  /**
   * The command line of a bare server.
   *
   * @param more arguments of {@link BareCallServer}
   */
  static List<String> command(
      List<String> jvmFlags, Path socket, HandlerThreads threads, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BareCallServer.class.getName(), socket.toString(), threads.argument()));
    command.addAll(List.of(more));
    return command;
  }

  private static void warmUp(Contender contender, Duration time) {
    Load.Outcome unused = Load.run(contender.channel(), Kind.MANY.callsInFlight, 0, time);
    unused = Load.run(contender.channel(), Kind.ONE.callsInFlight, 0, time.dividedBy(4));
  }

  /** Each round begins with another contender, so that none always follows the same one. */
  private static void measure(List<Contender> contenders, int round) {
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < contenders.size(); i++) {
        Contender contender = contenders.get((round + i) % contenders.size());
        if (contender.takes(kind)) {
          contender
              .rounds(kind)
              .set(
                  round,
                  Load.run(contender.channel(), kind.callsInFlight, kind.waitEvery, MEASURED));
        }
      }
    }
  }

  private void print(List<Contender> contenders) {
    for (Kind kind : Kind.values()) {
      out.println(kind.words);
      for (Contender contender : contenders) {
        if (contender.takes(kind)) {
          out.printf("  %-28s %s%n", contender.name(), contender.rounds(kind).summary());
        }
      }
    }
  }

  private static List<Figure> figures(List<Contender> contenders) {
    Contender host = find(contenders, HOST);
    Contender same = find(contenders, SAME);
    Contender direct = find(contenders, DIRECT);
    Contender byDefault = find(contenders, DEFAULT);
    Contender floor = find(contenders, FLOOR);
    List<Figure> figures = new ArrayList<>();
    for (Kind kind : List.of(Kind.ONE, Kind.MANY)) {
      figures.add(throughput("calls, " + kind.words, kind, host, same, ">= 0.95", floor));
      figures.add(
          Figure.ofRounds(
              "p99 of calls, " + kind.words,
              host.rounds(kind).p99Micros(),
              "us",
              same.rounds(kind).p99Micros(),
              "<= 1.05",
              WHY.words(floor.rounds(kind), same.rounds(kind), Rounds::p99Micros)));
    }
    figures.add(
        Figure.ofRounds(
            "bytes that a call allocates in the client, 64 in flight",
            host.rounds(Kind.MANY).bytesPerCall(),
            "bytes",
            same.rounds(Kind.MANY).bytesPerCall(),
            "<= 1.1",
            WHY.words(floor.rounds(Kind.MANY), same.rounds(Kind.MANY), Rounds::bytesPerCall)));
    figures.add(
        throughput(
            "calls that may block against directExecutor, 64 in flight",
            Kind.MANY,
            host,
            direct,
            ">= 0.8",
            floor));
    figures.add(
        throughput(
            "calls against the default executor, 1 in 100 waits 3 ms",
            Kind.MIXED,
            host,
            byDefault,
            ">= 1",
            same));
    return figures;
  }

  /**
   * @param floor the least that could be there in the place of ours
   */
  private static Figure throughput(
      String name, Kind kind, Contender ours, Contender theirs, String target, Contender floor) {
    return Figure.ofRounds(
        name,
        ours.rounds(kind).callsPerSecond(),
        "calls/s",
        theirs.rounds(kind).callsPerSecond(),
        target,
        WHY.words(floor.rounds(kind), theirs.rounds(kind), Rounds::callsPerSecond));
  }

  private static Contender find(List<Contender> contenders, String name) {
    return contenders.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }
}
