package blackhole.orchestrator.plan;

import blackhole.orchestrator.config.parser.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A setting that stands differently in a file than in the one before.
 *
 * @param before empty where there was none
 * @param after empty where there is none any more
 */
public record SettingChange(String key, Optional<String> before, Optional<String> after) {
  private static final String NONE = "null";
  private static final String SERVICES = "services";
  private static final Pattern LIMITS =
      Pattern.compile("services\\.[^.]+\\.resource_limits\\.max_.*|.*\\.io_priority");

  /** All that differ, in the order of the settings that are new. */
  public static List<SettingChange> between(List<Setting> before, List<Setting> after) {
    Set<String> common = services(before);
    common.retainAll(services(after));
    Map<String, String> old = values(before, common);
    Map<String, String> now = values(after, common);
    Set<String> keys = new LinkedHashSet<>(now.keySet());
    keys.addAll(old.keySet());
    List<SettingChange> changes = new ArrayList<>();
    for (String key : keys) {
      SettingChange change =
          new SettingChange(
              key, Optional.ofNullable(old.get(key)), Optional.ofNullable(now.get(key)));
      if (!change.before().equals(change.after())) {
        changes.add(change);
      }
    }
    return changes;
  }

  /** A service that is in one of them only is one change. */
  private static String shortened(String key, Set<String> services) {
    String[] parts = key.split("\\.", 3);
    return parts.length == 3 && parts[0].equals(SERVICES) && !services.contains(parts[1])
        ? parts[0] + "." + parts[1]
        : key;
  }

  private static Set<String> services(List<Setting> settings) {
    Set<String> services = new LinkedHashSet<>();
    for (Setting setting : settings) {
      String[] parts = setting.key().split("\\.", 3);
      if (parts.length == 3 && parts[0].equals(SERVICES)) {
        services.add(parts[1]);
      }
    }
    return services;
  }

  /**
   * @param common services that are in both
   */
  private static Map<String, String> values(List<Setting> settings, Set<String> common) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Setting setting : settings) {
      String key = shortened(setting.key(), common);
      if (!key.equals(setting.key())) {
        values.put(key, "configured");
      } else if (!setting.value().equals(NONE)) {
        values.put(key, setting.value());
      }
    }
    return values;
  }

  /** A limit of a service: the period of one is none itself. */
  public boolean ofLimit() {
    return LIMITS.matcher(key).matches();
  }

  /** The service that it belongs to, or is as a whole; empty for none. */
  public Optional<String> service() {
    return serviceOf(key);
  }

  static Optional<String> serviceOf(String key) {
    String[] parts = key.split("\\.", 3);
    return parts.length > 1 && parts[0].equals(SERVICES) ? Optional.of(parts[1]) : Optional.empty();
  }

  /** Without its service's stanza; empty for a service as a whole. */
  public String shortKey() {
    return shortKeyOf(key);
  }

  static String shortKeyOf(String key) {
    String[] parts = key.split("\\.", 3);
    if (!parts[0].equals(SERVICES)) {
      return key;
    }
    return parts.length < 3 ? "" : parts[2];
  }
}
