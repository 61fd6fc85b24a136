package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.RemoteKeys;
import blackhole.orchestrator.config.schema.Schema;
import blackhole.orchestrator.tls.Certificates;
import blackhole.orchestrator.tls.HostNames;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What must hold of the other nodes, and between them and this one. */
final class RemoteChecks {
  private final Values values;
  private final Path folder;
  private final Optional<String> ownId;
  private final Problems problems;
  private final Map<String, String> seen = new HashMap<>();

  /**
   * @param ownId this node's; empty as long as it has none
   */
  RemoteChecks(Values values, Path folder, Optional<String> ownId, Problems problems) {
    this.values = values;
    this.folder = folder;
    this.ownId = ownId;
    this.problems = problems;
  }

  void check() {
    List<String> numbers = values.names(RemoteKeys.SECTION);
    if (numbers.size() > RemoteKeys.MAX_NODES) {
      problems.error(
          values.position(RemoteKeys.SECTION),
          RemoteKeys.SECTION,
          "has " + numbers.size() + " nodes, expected at most " + RemoteKeys.MAX_NODES);
    }
    numbers.forEach(this::node);
  }

  private void node(String number) {
    if (isReported(Schema.join(RemoteKeys.SECTION, number))) {
      return; // it is no mapping, so there is nothing to look at
    }
    id(number);
    String services = RemoteKeys.SERVICES_SECTION.replace("*", number);
    if (values.names(services).isEmpty() && !isReportedWithin(services)) {
      problems.error(
          values.position(services),
          services,
          "has no service, expected at least one, for example \"storage: node-b.example:50002\"");
    }
    TlsChecks.read(
        values,
        RemoteKeys.CERTIFICATE_AUTHORITY,
        folder,
        problems,
        file -> Certificates.valid(file, Instant.now()),
        number);
  }

  private boolean isReported(String path) {
    return problems.errors().stream().anyMatch(problem -> problem.key().equals(path));
  }

  private boolean isReportedWithin(String path) {
    return problems.errors().stream()
        .map(Problem::key)
        .anyMatch(key -> key.equals(path) || key.startsWith(path + "."));
  }

  private void id(String number) {
    String path = RemoteKeys.NODE_ID.at(number);
    if (!values.isSet(RemoteKeys.NODE_ID, number)) {
      problems.error(
          values.position(path), path, "is left out, expected the node.id of the other node");
      return;
    }
    values.find(RemoteKeys.NODE_ID, number).ifPresent(id -> id(number, path, id));
  }

  private void id(String number, String path, String id) {
    // as in certificates, where upper and lower case are one
    String key = id.toLowerCase(Locale.ROOT);
    Position at = values.position(path);
    if (!HostNames.allows(id)) {
      problems.error(
          at,
          path,
          Quoting.visible(id)
              + " can't be the name in a certificate, expected "
              + HostNames.EXPECTED);
    } else if (ownId.filter(own -> own.equalsIgnoreCase(id)).isPresent()) {
      problems.error(at, path, id + " is this node itself, expected another one");
    }
    String other = seen.putIfAbsent(key, number);
    if (other != null) {
      String taken = RemoteKeys.NODE_ID.at(other);
      problems.error(
          at,
          path,
          id
              + " is also "
              + taken
              + " (line "
              + values.position(taken).line()
              + "), expected each node once");
    }
  }
}
