package blackhole.orchestrator.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of the repository that are drawn from the schema. {@code ./mvnw -pl
 * bundles/blackhole.orchestrator -am package -Dblackhole.schema.write} draws them anew.
 */
final class Published {
  /** Tests run in the module's folder. */
  static final Path JSON_SCHEMA = Path.of("src/main/resources/blackhole.schema.json");

  static final Path README = Path.of("README.md");

  private Published() {}

  /** The file has this content; or gets it, if that is asked for. */
  static void holds(Path file, String content) throws IOException {
    if (System.getProperty("blackhole.schema.write") != null) {
      Files.writeString(file, content);
    }
    assertThat(file)
        .as("drawn from the schema; -Dblackhole.schema.write draws it anew")
        .content()
        .isEqualTo(content);
  }
}
