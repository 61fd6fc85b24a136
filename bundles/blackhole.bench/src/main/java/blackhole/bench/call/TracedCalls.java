package blackhole.bench.call;

import blackhole.api.observe.TraceContext;
import blackhole.bench.Effort;
import blackhole.bench.Figure;
import blackhole.testkit.TestNode;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What traces cost: the same calls to the same host of a whole node, of which none, one in a
 * hundred, or all come with a context that has them recorded, sent to the orchestrator and kept
 * there. In turn, in one run.
 */
public final class TracedCalls {
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration MEASURED = Duration.ofSeconds(2);
  private static final int IN_FLIGHT = 64;

  private final Effort effort;
  private final int rounds;
  private final PrintStream out;

  public TracedCalls(Effort effort, PrintStream out) {
    this.effort = effort;
    this.rounds = effort.rounds();
    this.out = out;
  }

  /** A part of the calls, and what became of them. */
  private record Part(String name, double recorded, Channel channel, Rounds results) {}

  /**
   * @param service the jar of the measured service's bundle
   */
  public List<Figure> run(Path service) {
    try (TestNode node =
            TestNode.start("services: { echo: { bundle: \"%s\" } }\n".formatted(service));
        OurClient client = OurClient.outside()) {
      Channel channel = client.open(node.socket("echo"));
      List<Part> parts = new ArrayList<>();
      for (double recorded : new double[] {0, 0.01, 1}) {
        parts.add(
            new Part(
                recorded * 100 + " % traced",
                recorded,
                ClientInterceptors.intercept(channel, tracing(recorded)),
                new Rounds(rounds)));
      }
      for (Part part : parts) {
        Load.Outcome unused = Load.run(part.channel(), IN_FLIGHT, 0, effort.of(WARM_UP));
      }
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < parts.size(); i++) {
          Part part = parts.get((round + i) % parts.size());
          part.results().set(round, Load.run(part.channel(), IN_FLIGHT, 0, MEASURED));
        }
      }
      parts.forEach(part -> out.printf("  %-28s %s%n", part.name(), part.results().summary()));
      return List.of(
          figure("calls, 1 % traced, against none", parts.get(1), parts.get(0), ">= 0.97"),
          figure("calls, all traced, against none", parts.get(2), parts.get(0), ">= 0.5"));
    }
  }

  private static Figure figure(String name, Part part, Part none, String target) {
    return Figure.ofRounds(
        name,
        part.results().callsPerSecond(),
        "calls/s",
        none.results().callsPerSecond(),
        target,
        "see BENCHMARKS.md");
  }

  /** As a caller does that has begun a trace. */
  private static ClientInterceptor tracing(double part) {
    return new ClientInterceptor() {
      @Override
      public <Q, R> ClientCall<Q, R> interceptCall(
          MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
          @Override
          public void start(Listener<R> listener, Metadata headers) {
            if (ThreadLocalRandom.current().nextDouble() < part) {
              headers.put(TraceContext.HEADER, TraceContext.root(true).header());
            }
            super.start(listener, headers);
          }
        };
      }
    };
  }
}
