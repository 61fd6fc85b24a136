package blackhole.api.observe;

import java.net.URI;
import java.util.Optional;

/**
 * How a node traces; a service once the node runs.
 *
 * @param sampling the part of traces that is recorded without being asked for, 0 to 1
 * @param export where spans are sent to; empty for nowhere
 * @param nodeId which node they are of
 */
public record TracingSettings(double sampling, Optional<Export> export, String nodeId) {
  /** Whose protocol is spoken. */
  public enum Exporter {
    OTLP,
    ZIPKIN
  }

  /** Whom spans are sent to. */
  public record Export(Exporter exporter, URI endpoint) {}
}
