package blackhole.orchestrator.config.parser;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.BundleInfo.Data;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configurations for tests: parsed under the name n.yaml, with a catalog and secrets of our own.
 */
public final class Configs {
  static final BundleCatalog CATALOG =
      () ->
          List.of(
              new BundleInfo("blackhole.identity", Data.SHARED),
              new BundleInfo("blackhole.storage", Data.SHARED),
              new BundleInfo("blackhole.ledger", Data.SINGLE),
              new BundleInfo("blackhole.events", Data.SINGLE),
              new BundleInfo("blackhole.analytics", Data.SINGLE),
              new BundleInfo("blackhole.indexer", Data.SINGLE),
              new BundleInfo("blackhole.telemetry", Data.SINGLE));

  static final Map<String, String> ENVIRONMENT =
      Map.of("PORT", "50007", "PASSWORD", "hunter2-0042", "DIGITS", "0042", "SIZE", "64MB");

  static final SecretResolver SECRETS =
      new SecretResolver() {
        @Override
        public Optional<String> environment(String name) {
          return Optional.ofNullable(ENVIRONMENT.get(name));
        }

        @Override
        public String file(Path path) throws IOException {
          if (path.endsWith("secrets/key")) {
            return "s3cret-of-file\n";
          }
          throw new NoSuchFileException(path.toString());
        }
      };

  private Configs() {}

  static ConfigParser parser() {
    return new ConfigParser(CATALOG, SECRETS);
  }

  public static ParseResult parse(String yaml) {
    return parser().parse(yaml, "n.yaml");
  }

  /** Each error as a user sees it. */
  public static List<String> errors(String yaml) {
    ParseResult result = parse(yaml);
    assertThat(result.config().isEmpty()).isEqualTo(!result.errors().isEmpty());
    return result.errors().stream().map(Problem::toString).toList();
  }

  static List<String> warnings(String yaml) {
    ParseResult result = parse(yaml);
    assertThat(result.errors()).isEmpty();
    return result.warnings().stream().map(Problem::toString).toList();
  }

  /** A configuration that has to be valid. */
  public static NodeConfig valid(String yaml) {
    ParseResult result = parse(yaml);
    assertThat(result.errors()).isEmpty();
    return result.config().orElseThrow();
  }

  public static String resource(String name) {
    try (InputStream in = requireNonNull(Configs.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
