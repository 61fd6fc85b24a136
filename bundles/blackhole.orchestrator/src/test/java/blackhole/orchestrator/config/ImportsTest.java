package blackhole.orchestrator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The launcher's first stage carries a copy of these packages, and has neither OSGi nor gRPC nor
 * the rest of the orchestrator.
 */
class ImportsTest {
  private static final Path SOURCES = Path.of("src/main/java/blackhole/orchestrator/config");
  private static final Pattern ALLOWED =
      Pattern.compile(
          "import (static )?(java|org\\.snakeyaml\\.engine|org\\.jspecify"
              + "|blackhole\\.orchestrator\\.(config|tls|trust))\\..*"
              + "|import blackhole\\.api\\.host\\.(TlsFiles|Redaction);");

  /**
   * The other packages that are copied into the launcher may use each other, and the home's paths.
   */
  private static final Pattern ALLOWED_BESIDE =
      Pattern.compile(
          ALLOWED.pattern()
              + "|import blackhole\\.orchestrator\\.(distribution|plan)\\..*"
              + "|import blackhole\\.api\\.(host|supervision)\\..*");

  @Test
  void nothing_is_imported_that_the_first_stage_lacks() throws IOException {
    assertImports(SOURCES, 40, ALLOWED);
    assertImports(SOURCES.resolveSibling("distribution"), 4, ALLOWED_BESIDE);
    assertImports(SOURCES.resolveSibling("plan"), 4, ALLOWED_BESIDE);
    assertImports(SOURCES.resolveSibling("tls"), 4, ALLOWED_BESIDE);
    assertImports(SOURCES.resolveSibling("trust"), 2, ALLOWED_BESIDE);
  }

  private static void assertImports(Path folder, int more, Pattern allowed) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              // loaded beside the launcher, from a jar that it carries
              .filter(file -> !file.toString().contains("/x509/"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(more);
      for (Path source : sources) {
        assertThat(Files.readAllLines(source))
            .as("%s", source)
            .filteredOn(line -> line.startsWith("import "))
            .allMatch(line -> allowed.matcher(line).matches());
      }
    }
  }
}
