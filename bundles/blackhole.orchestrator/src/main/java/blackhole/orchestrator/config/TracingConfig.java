package blackhole.orchestrator.config;

import java.net.URI;
import java.util.Optional;

/**
 * Which calls are traced, and who is told.
 *
 * @param sampling the part of traces that is recorded without being asked for, 0 to 1
 * @param endpoint where the exporter sends to; empty when there is none
 */
public record TracingConfig(double sampling, Exporter exporter, Optional<URI> endpoint) {
  /** Whose protocol is spoken. */
  public enum Exporter {
    NONE,
    OTLP,
    ZIPKIN
  }

  /** Only traces that are asked for, which go nowhere. */
  public static final TracingConfig OFF = new TracingConfig(0, Exporter.NONE, Optional.empty());

  private static final double SAMPLING_WITH_EXPORTER = 0.01;
  private static final URI OTLP = URI.create("http://127.0.0.1:4318/v1/traces");
  private static final URI ZIPKIN = URI.create("http://127.0.0.1:9411/api/v2/spans");

  /** What is left out follows from the exporter. */
  public static TracingConfig of(
      Optional<Double> sampling, Exporter exporter, Optional<URI> endpoint) {
    boolean exports = exporter != Exporter.NONE;
    return new TracingConfig(
        sampling.orElse(exports ? SAMPLING_WITH_EXPORTER : 0.0),
        exporter,
        exports
            ? endpoint.or(() -> Optional.of(exporter == Exporter.OTLP ? OTLP : ZIPKIN))
            : Optional.empty());
  }
}
