package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.LogFormat;
import blackhole.orchestrator.config.TracingConfig.Exporter;
import java.util.List;

/** {@code node:}, this node itself. */
public final class NodeKeys {
  public static final Key<String> ID =
      Key.withoutDefault(
          "node.id",
          new TextType(
              "[A-Za-z0-9][A-Za-z0-9._-]{0,62}",
              "letters, digits, dots, hyphens and underscores (at most 63)"),
          "made on first start and kept in `state/`");

  public static final Key<String> TLS_CERTIFICATE =
      Key.withoutDefault(
          "node.tls.certificate",
          Types.PEM_PATH,
          "a development certificate in `HOME/tls`, if a TCP port or a remote node needs one");

  public static final Key<String> TLS_KEY =
      Key.withoutDefault("node.tls.key", Types.PEM_PATH, "that of the development certificate");

  public static final Key<String> TLS_CERTIFICATE_AUTHORITY =
      Key.withoutDefault(
          "node.tls.certificate_authority",
          Types.PEM_PATH,
          "the development authority in `HOME/tls`");

  public static final Key<Boolean> TLS_INSECURE_LOOPBACK =
      Key.of(
          "node.tls.insecure_loopback",
          Types.FLAG,
          "false",
          "TCP ports speak mutual TLS only; `true` allows plaintext, on loopback only");

  public static final Key<Boolean> METRICS_ENABLED =
      Key.of("node.metrics.enabled", Types.FLAG, "true", "Prometheus finds `/metrics` of the node");

  public static final Key<String> METRICS_ADDRESS =
      Key.of(
          "node.metrics.address",
          new TextType("[A-Za-z0-9:.%-]{1,255}", "an IP address or a host name of this machine"),
          "127.0.0.1",
          "only processes of this machine can ask");

  public static final Key<Integer> METRICS_PORT =
      Key.of(
          "node.metrics.port",
          new IntegerType(1, 65_535),
          "9464",
          "the port that OpenTelemetry gives to Prometheus; if it is taken, the node runs without");

  public static final Key<LogFormat> LOG_FORMAT =
      Key.of(
          "node.log_format",
          ChoiceType.of(LogFormat.TEXT, LogFormat.JSON),
          "text",
          "log files are for people; `json` has an object a line");

  public static final Key<Exporter> TRACING_EXPORTER =
      Key.of(
          "node.tracing.exporter",
          ChoiceType.of(Exporter.NONE, Exporter.OTLP, Exporter.ZIPKIN),
          "none",
          "spans stay in the node, for `trace` to draw");

  public static final String TRACING_ENDPOINT_FORM =
      "a URL such as http://127.0.0.1:4318/v1/traces";

  public static final Key<String> TRACING_ENDPOINT =
      Key.withoutDefault(
          "node.tracing.endpoint",
          new TextType("https?://[^\\x00-\\x20/]+(/[^\\x00-\\x20]*)?", TRACING_ENDPOINT_FORM),
          "`http://127.0.0.1:4318/v1/traces` for `otlp`,"
              + " `http://127.0.0.1:9411/api/v2/spans` for `zipkin`");

  public static final Key<Double> TRACING_SAMPLING =
      Key.withoutDefault(
          "node.tracing.sampling",
          Types.FRACTION,
          "one trace in a hundred that begin in this node, if there is an exporter, else none; a"
              + " trace that comes in is recorded if it says so");

  public static final Key<List<String>> TRUST =
      Key.of(
          "node.trust",
          new ListType<>(Types.PEM_PATH, "a list of paths of PEM files"),
          "[]",
          "any bundle is taken; with certificates, beside the launcher's own only those that are"
              + " signed by one of them, or by one that they issued for the signing of code");

  public static final Key<List<String>> BUNDLE_SOURCES =
      Key.of(
          "node.bundle_sources",
          new ListType<>(
              new TextType(
                  "https?://[^\\x00-\\x20/@]+/[^\\x00-\\x20]*",
                  "what a URL begins with, such as https://example.org/bundles/"),
              "a list of what URLs begin with, such as [https://example.org/bundles/]"),
          "[]",
          "`update` takes files only, and fetches nothing; URLs that begin so, with a digest");

  static final List<Key<?>> ALL =
      List.of(
          ID,
          TLS_CERTIFICATE,
          TLS_KEY,
          TLS_CERTIFICATE_AUTHORITY,
          TLS_INSECURE_LOOPBACK,
          METRICS_ENABLED,
          METRICS_ADDRESS,
          METRICS_PORT,
          LOG_FORMAT,
          TRACING_EXPORTER,
          TRACING_ENDPOINT,
          TRACING_SAMPLING,
          TRUST,
          BUNDLE_SOURCES);

  private NodeKeys() {}
}
