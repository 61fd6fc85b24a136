package blackhole.orchestrator.plan;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.StartOrder;
import blackhole.orchestrator.config.parser.BundleCatalog;
import blackhole.orchestrator.config.parser.ConfigParser;
import blackhole.orchestrator.config.parser.ParseResult;
import blackhole.orchestrator.config.parser.SecretResolver;
import blackhole.orchestrator.config.parser.Secrets;
import blackhole.orchestrator.config.parser.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The configuration that this node runs with, read once. */
public final class ConfiguredNode {
  private final Optional<Path> file;
  private final ParseResult result;
  private final NodeConfig config;

  private ConfiguredNode(Optional<Path> file, ParseResult result, NodeConfig config) {
    this.file = file;
    this.result = result;
    this.config = config;
  }

  /** The configuration is refused; each message is one error. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> errors;

    RefusedException(List<String> errors) {
      super(String.join("\n", errors));
      this.errors = List.copyOf(errors);
    }

    public List<String> errors() {
      return errors;
    }
  }

  /**
   * Reads the named file, else the home's, else the built-in default.
   *
   * @param only the services to keep, with what they depend on; empty for all
   */
  public static ConfiguredNode read(
      NodeHome home, Optional<Path> named, BundleCatalog catalog, List<String> only)
      throws IOException, RefusedException {
    Optional<Path> file = file(home, named);
    ParseResult result = parse(home, file, catalog);
    if (result.config().isEmpty()) {
      throw new RefusedException(result.errors().stream().map(Object::toString).toList());
    }
    NodeConfig all = result.config().get();
    return new ConfiguredNode(file, result, restrict(all, only));
  }

  /** The named file, else the home's if it has one. */
  public static Optional<Path> file(NodeHome home, Optional<Path> named) {
    return named.or(() -> Optional.of(home.configuration()).filter(Files::exists));
  }

  /** As {@link #read}, with whatever is wrong; for those who only want to know. */
  public static ParseResult parse(NodeHome home, Optional<Path> file, BundleCatalog catalog)
      throws IOException {
    ConfigParser parser = new ConfigParser(catalog, SecretResolver.SYSTEM, NodeId.made(home));
    return file.map(parser::parse).orElseGet(parser::parseDefault);
  }

  /**
   * @param only the services to keep, with what they depend on; empty for all
   */
  public static NodeConfig restrict(NodeConfig all, List<String> only) throws RefusedException {
    if (only.isEmpty()) {
      return all;
    }
    StartOrder.Selection selection = StartOrder.select(all, only);
    if (!selection.errors().isEmpty()) {
      throw new RefusedException(selection.errors());
    }
    return all.restrictedTo(selection.services());
  }

  public NodeConfig config() {
    return config;
  }

  /** What is odd, but kept the node from nothing. */
  public List<String> warnings() {
    return result.warnings().stream().map(Object::toString).toList();
  }

  /** The file it was read from; empty for the built-in default. */
  public Optional<Path> file() {
    return file;
  }

  /** What must never show. */
  public Secrets secrets() {
    return result.secrets();
  }

  /** The effective settings; secrets stand as references. */
  public List<Setting> settings() {
    return result.settings();
  }
}
