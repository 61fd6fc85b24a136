package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.schema.AlertKeys;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** From values to what operators are told of. Total, as {@link NodeReader}. */
final class AlertReader {
  private AlertReader() {}

  static AlertConfig read(Values values) {
    return new AlertConfig(
        Set.copyOf(values.get(AlertKeys.OFF)),
        values.find(AlertKeys.WEBHOOK).flatMap(AlertReader::webhook),
        values.get(AlertKeys.CRASHES),
        values.get(AlertKeys.CRASH_WINDOW),
        values.get(AlertKeys.UNHEALTHY_AFTER),
        values.get(AlertKeys.MEMORY),
        values.get(AlertKeys.MEMORY_AFTER),
        values.get(AlertKeys.PRESSURE_AFTER),
        values.get(AlertKeys.BREAKER_AFTER),
        values.get(AlertKeys.EVENT_LAG),
        values.get(AlertKeys.EVENT_LAG_AFTER),
        values.get(AlertKeys.CERTIFICATE_BEFORE),
        values.get(AlertKeys.DISK_FREE));
  }

  private static Optional<URI> webhook(String text) {
    return NodeReader.uri(text)
        .map(uri -> uri.getPath().length() > 1 ? uri : uri.resolve("/api/v2/alerts"));
  }
}
