package blackhole.api.supervision;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The configuration that is in force. Thread-safe. */
@ProviderType
public interface NodeConfiguration {
  String nodeId();

  Path home();

  /** The file it was read from; empty for the built-in default. */
  Optional<Path> file();

  /**
   * Effective settings, in the order of the documentation.
   *
   * @param service only this service's, and those of its resource policy; empty for all
   */
  List<Setting> settings(Optional<String> service);

  /**
   * One effective setting.
   *
   * @param key the full key, for example {@code services.identity.restart_policy.max_restarts}
   * @param value as it would stand in YAML; secrets are hidden
   * @param origin {@code default}, or {@code FILE:line}
   */
  record Setting(String key, String value, String origin) {}
}
