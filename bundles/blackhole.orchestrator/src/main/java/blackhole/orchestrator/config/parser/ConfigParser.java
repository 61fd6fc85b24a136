package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.NodeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads {@code blackhole.yaml}: text, tree, values, records, and then what the values mean to each
 * other. Errors of one step keep later steps from running only where these would have nothing to
 * look at, so that a user sees all errors at once. Immutable.
 */
public final class ConfigParser {
  private static final String DEFAULT_RESOURCE = "default.yaml";
  private static final String DEFAULT_NAME = "built-in default";

  private final BundleCatalog catalog;
  private final SecretResolver resolver;
  private final Optional<String> madeId;

  public ConfigParser(BundleCatalog catalog, SecretResolver resolver) {
    this(catalog, resolver, Optional.empty());
  }

  /**
   * @param madeId the id of a node that was made on its first start, for a file that names none
   */
  public ConfigParser(BundleCatalog catalog, SecretResolver resolver, Optional<String> madeId) {
    this.catalog = catalog;
    this.resolver = resolver;
    this.madeId = madeId;
  }

  /** The configuration of a node that has no file: all services of this build. */
  public ParseResult parseDefault() {
    try (InputStream in = ConfigParser.class.getResourceAsStream(DEFAULT_RESOURCE)) {
      byte[] bytes = Objects.requireNonNull(in, DEFAULT_RESOURCE).readAllBytes();
      return parse(bytes, DEFAULT_NAME, Path.of("").toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file. That it can't be read is an error like any other. */
  public ParseResult parse(Path file) {
    Problems problems = new Problems(file.toString());
    try {
      if (Files.isDirectory(file)) {
        problems.error(Position.START, "file", "is a directory, expected a file");
      } else if (Files.size(file) > SourceText.MAX_BYTES) {
        problems.error(Position.START, "file", SourceText.tooLarge(Files.size(file)));
      } else {
        return parse(Files.readAllBytes(file), file.toString(), folderOf(file));
      }
    } catch (NoSuchFileException e) {
      problems.error(Position.START, "file", "does not exist, expected a configuration");
    } catch (IOException e) {
      problems.error(
          Position.START,
          "file",
          "can't be read (" + e.getMessage() + "), expected a readable file");
    }
    return ParseResult.refused(problems);
  }

  /**
   * Text that stands, or could stand, in a file of this name.
   *
   * @param file shown in errors; relative paths in the text are relative to its folder
   */
  public ParseResult parse(String text, String file) {
    return parse(text.getBytes(StandardCharsets.UTF_8), file, folderOf(Path.of(file)));
  }

  /**
   * Bytes of a file.
   *
   * @param file shown in errors
   * @param folder absolute, where relative paths begin
   */
  public ParseResult parse(byte[] bytes, String file, Path folder) {
    Problems problems = new Problems(file);
    Optional<Node> root =
        SourceText.decode(bytes, problems).flatMap(text -> YamlReader.read(text, problems));
    if (root.isPresent()) {
      return parse(root.get(), folder, problems);
    }
    if (problems.errors().isEmpty()) {
      problems.error(Position.START, "file", "is empty, expected " + NodeChecks.EXPECTED_SERVICES);
    }
    return ParseResult.refused(problems);
  }

  private ParseResult parse(Node root, Path folder, Problems problems) {
    Checker checker = new Checker(new References(resolver, folder), problems);
    Values values = checker.check(root);
    NodeConfig config = NodeReader.read(values, folder);
    NodeChecks.check(config, values, catalog, folder, madeId, problems);
    if (!problems.errors().isEmpty()) {
      return ParseResult.refused(problems);
    }
    return new ParseResult(
        Optional.of(config),
        problems.errors(),
        problems.warnings(),
        Settings.of(values, config, problems.file()),
        checker.secrets());
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
  }
}
