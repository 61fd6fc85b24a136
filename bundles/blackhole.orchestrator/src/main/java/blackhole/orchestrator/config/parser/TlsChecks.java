package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.NodeKeys;
import blackhole.orchestrator.config.schema.ServiceKeys;
import blackhole.orchestrator.tls.Certificates;
import blackhole.orchestrator.tls.HostNames;
import blackhole.orchestrator.tls.Pem;
import blackhole.orchestrator.tls.TlsFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether the node's certificates are there, and of use. */
final class TlsChecks {
  private static final List<Key<String>> FILES =
      List.of(NodeKeys.TLS_CERTIFICATE, NodeKeys.TLS_KEY, NodeKeys.TLS_CERTIFICATE_AUTHORITY);

  private final NodeConfig config;
  private final Values values;
  private final Path folder;
  private final Problems problems;
  private final Instant now = Instant.now();

  TlsChecks(NodeConfig config, Values values, Path folder, Problems problems) {
    this.config = config;
    this.values = values;
    this.folder = folder;
    this.problems = problems;
  }

  void check() {
    if (config.tls().insecureLoopback()) {
      insecure();
    }
    if (config.needsCertificates()) {
      nodeId();
    }
    if (FILES.stream().anyMatch(values::isSet)) {
      FILES.stream().filter(key -> !values.isSet(key)).forEach(this::missing);
    }
    node();
    authority(NodeKeys.TLS_CERTIFICATE_AUTHORITY);
  }

  /** Plaintext leaves no use for certificates, so whoever configured both meant one of them. */
  private void insecure() {
    String path = NodeKeys.TLS_INSECURE_LOOPBACK.path();
    if (FILES.stream().anyMatch(values::isSet)) {
      problems.error(
          values.position(path),
          path,
          "true is there together with certificates, expected only one of the two");
    }
    if (!config.remotes().isEmpty()) {
      problems.error(
          values.position(path),
          path,
          "true is there together with remote nodes, which are called by mutual TLS only; expected"
              + " false");
    }
    for (ServiceConfig service : config.enabledServices()) {
      if (service.port().isPresent()) {
        String port = ServiceKeys.PORT.at(service.name());
        problems.warning(
            values.position(port),
            port,
            service.port().getAsInt()
                + " takes plaintext from every user of this machine (insecure_loopback)");
      }
    }
  }

  private void nodeId() {
    Optional<String> id = config.nodeId();
    if (id.isPresent() && !HostNames.allows(id.get())) {
      problems.error(
          values.position(NodeKeys.ID.path()),
          NodeKeys.ID.path(),
          Quoting.visible(id.get())
              + " can't be the name in a certificate, expected "
              + HostNames.EXPECTED
              + " where a TCP port or a remote node is configured");
    }
  }

  private void missing(Key<String> key) {
    problems.error(
        values.position(key.path()),
        key.path(),
        "is left out, expected certificate, key and certificate_authority together");
  }

  private void node() {
    Optional<X509Certificate> certificate = authority(NodeKeys.TLS_CERTIFICATE);
    Optional<PrivateKey> key = read(NodeKeys.TLS_KEY, Pem::key);
    if (certificate.isEmpty()) {
      return;
    }
    if (key.isPresent() && !Certificates.match(certificate.get(), key.get())) {
      problems.error(
          values.position(NodeKeys.TLS_KEY.path()),
          NodeKeys.TLS_KEY.path(),
          shown(NodeKeys.TLS_KEY) + " is not the key of " + shown(NodeKeys.TLS_CERTIFICATE));
    }
    Optional<String> id = config.nodeId();
    if (id.isPresent() && !Certificates.isFor(certificate.get(), id.get())) {
      warn(
          NodeKeys.TLS_CERTIFICATE,
          "is for "
              + String.join(", ", Certificates.names(certificate.get()))
              + ": other nodes, who expect "
              + id.get()
              + ", will refuse it");
    }
  }

  /** A file of certificates that must be valid now; the first counts. */
  private Optional<X509Certificate> authority(Key<String> key) {
    Optional<X509Certificate> certificate = read(key, file -> Certificates.valid(file, now));
    certificate
        .filter(found -> Certificates.isDue(found, now))
        .ifPresent(
            found -> warn(key, "expires on " + Certificates.format(Certificates.end(found))));
    return certificate;
  }

  private void warn(Key<String> key, String what) {
    problems.warning(values.position(key.path()), key.path(), shown(key) + " " + what);
  }

  private String shown(Key<String> key) {
    return shown(values, key, folder);
  }

  private <T> Optional<T> read(Key<String> key, Reader<T> reader) {
    return read(values, key, folder, problems, reader);
  }

  /** From a file that a key names. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Path file) throws TlsFileException;
  }

  /** Empty if the key is left out or the file is of no use, which is then reported. */
  static <T> Optional<T> read(
      Values values,
      Key<String> key,
      Path folder,
      Problems problems,
      Reader<T> reader,
      String... under) {
    Optional<String> text = values.find(key, under);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String path = key.at(under);
    Optional<Path> file = NodeReader.resolved(folder, text.get());
    if (file.isEmpty()) {
      problems.error(
          values.position(path),
          path,
          shown(values, key, folder, under) + " can't be a path in this system's encoding");
      return Optional.empty();
    }
    try {
      return Optional.of(reader.read(file.get()));
    } catch (TlsFileException e) {
      problems.error(
          values.position(path),
          path,
          shown(values, key, folder, under) + " " + Quoting.visible(e.reason()));
      return Optional.empty();
    }
  }

  /** As written if it came from a reference, else the absolute path that was looked for. */
  private static String shown(Values values, Key<String> key, Path folder, String... under) {
    String yaml = values.entry(key, under).map(Entry::yaml).orElse("");
    if (yaml.contains("${")) {
      return yaml;
    }
    return Quoting.visible(
        values
            .find(key, under)
            .flatMap(text -> NodeReader.resolved(folder, text))
            .map(Path::toString)
            .orElse(yaml));
  }
}
