package blackhole.bench.call;

import blackhole.api.observe.Tracer;
import blackhole.endpoint.call.CallCounters;
import io.grpc.netty.NettyServerBuilder;
import java.util.Locale;

/** What a bare server has of a host's features, or in their place. */
enum Observation {
  NONE("bare, nothing observed"),
  /** The floor of all observation: what gRPC asks for a tracer that does nothing. */
  TRACER("bare, with a tracer that does nothing"),
  /** The floor of all that stands around a call. */
  HOOKS("bare, with hooks that do nothing"),
  /** Counters, durations and sizes by method, and what tells a handler's calls their chain. */
  METRICS("bare, with metrics"),
  /** The same, and one trace in a hundred begins here and is recorded. */
  TRACES("bare, with metrics and traces");

  private static final double RECORDED = 0.01;

  private final String words;

  Observation(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  String argument() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Observation of(String argument) {
    return valueOf(argument.toUpperCase(Locale.ROOT));
  }

  void furnish(NettyServerBuilder builder) {
    switch (this) {
      case NONE -> {}
      case TRACER -> builder.addStreamTracerFactory(new Floor.Tracers());
      case HOOKS ->
          builder.addStreamTracerFactory(new Floor.Tracers()).intercept(new Floor.OnServer());
      case METRICS -> builder.addStreamTracerFactory(new CallCounters(method -> true));
      case TRACES -> {
        Tracer tracer = new Tracer(spans -> {});
        tracer.record(RECORDED);
        builder.addStreamTracerFactory(new CallCounters(method -> true, () -> tracer));
      }
    }
  }
}
