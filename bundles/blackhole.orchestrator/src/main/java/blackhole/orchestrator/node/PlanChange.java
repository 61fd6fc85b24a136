package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a host was told, against what it would be told now. Only what callers or the service would
 * notice counts. Not the service's bundle: another version, from a newer launcher perhaps, is for
 * the next process, as limits and timeouts are.
 */
final class PlanChange {
  private static final Map<String, Function<Assignment, Object>> COMPARED = new LinkedHashMap<>();

  static {
    COMPARED.put("the node's id has changed", Assignment::nodeId);
    COMPARED.put("the service's bundle has changed", Assignment::symbolicName);
    COMPARED.put("its unix_socket has changed", Assignment::link);
    COMPARED.put("its port has changed", Assignment::port);
    COMPARED.put("the node's TLS files have changed", Assignment::tls);
    COMPARED.put("its custom settings have changed", Assignment::custom);
    COMPARED.put("its data directory has changed", Assignment::dataDirectory);
    COMPARED.put("the node's socket has changed", Assignment::controlSocket);
    COMPARED.put("grpc.max_message_size has changed", Assignment::maxMessageSizeBytes);
    COMPARED.put("grpc.rate_limit has changed", Assignment::rateLimit);
  }

  private PlanChange() {}

  /** The first thing that is different, in words; empty when the host can stay. */
  static Optional<String> between(Assignment runs, Assignment planned) {
    return COMPARED.entrySet().stream()
        .filter(one -> !Objects.equals(one.getValue().apply(runs), one.getValue().apply(planned)))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
