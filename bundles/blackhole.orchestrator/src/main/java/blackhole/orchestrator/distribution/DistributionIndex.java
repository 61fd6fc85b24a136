package blackhole.orchestrator.distribution;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The list of a launcher's jars by process kind, one order for all: the orchestrator's class path
 * begins with the host's, so that one class-data archive fits both.
 *
 * <p>Jars are named by content ({@code NAME-DIGEST.jar}), so a file that exists is the right one.
 */
public final class DistributionIndex {
  private final Properties properties;

  public DistributionIndex(Properties properties) {
    this.properties = properties;
  }

  public static DistributionIndex read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new DistributionIndex(properties);
  }

  /** The version of Blackhole. */
  public String version() {
    return required("version");
  }

  /** Unique to this set of jars; part of the index's file name and of the archive's. */
  public String digest() {
    return required("digest");
  }

  /** The file name of the index itself. */
  public String fileName() {
    return "index-" + digest() + ".properties";
  }

  /** Every jar, by file name, with its size in bytes. */
  public Map<String, Long> jars() {
    Map<String, Long> jars = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith("size.")) {
        jars.put(name.substring("size.".length()), Long.valueOf(required(name)));
      }
    }
    return jars;
  }

  public List<String> hostClassPath() {
    return names("host.classpath");
  }

  public List<String> orchestratorClassPath() {
    return names("orchestrator.classpath");
  }

  /** What makes certificates, for who has no framework. */
  public List<String> certificatesClassPath() {
    return names("certificates.classpath");
  }

  /** The symbolic names of the service bundles on board. */
  public List<String> services() {
    return names("services");
  }

  /** What a service's bundle is installed with: its libraries first, itself last. */
  public Optional<ServiceBundle> service(String symbolicName) {
    List<String> jars = names("service." + symbolicName);
    return jars.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ServiceBundle(
                symbolicName, jars, properties.getProperty("data." + symbolicName, "none")));
  }

  /**
   * A service bundle on board.
   *
   * @param jars file names, its libraries first, itself last
   * @param data what it declares as {@code Blackhole-Data}: none, shared or single
   */
  public record ServiceBundle(String symbolicName, List<String> jars, String data) {}

  private List<String> names(String key) {
    String value = properties.getProperty(key, "");
    return value.isEmpty() ? List.of() : List.of(value.split(","));
  }

  private String required(String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalStateException("the index has no '" + key + "': the launcher is broken");
    }
    return value;
  }
}
