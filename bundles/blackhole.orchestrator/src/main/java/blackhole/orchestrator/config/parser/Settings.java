package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.schema.Element;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.ResourcePolicyKeys;
import blackhole.orchestrator.config.schema.Schema;
import blackhole.orchestrator.config.schema.Section;
import blackhole.orchestrator.config.schema.ServiceKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists the effective settings, in the order of the schema, with where they come from. */
final class Settings {
  private static final String NONE = "null";

  private final Values values;
  private final NodeConfig config;
  private final String file;
  private final List<Setting> settings = new ArrayList<>();

  private Settings(Values values, NodeConfig config, String file) {
    this.values = values;
    this.config = config;
    this.file = file;
  }

  static List<Setting> of(Values values, NodeConfig config, String file) {
    Settings lister = new Settings(values, config, file);
    lister.section(Schema.root(), "", List.of());
    return List.copyOf(lister.settings);
  }

  private void section(Section section, String path, List<String> names) {
    if (section.path().equals(ServiceKeys.SCALING_SECTION) && !values.hasSection(path)) {
      return; // there is no scaling, so its defaults are in force nowhere
    }
    if (section.names().isEmpty()) {
      section.children().forEach((name, child) -> child(child, Schema.join(path, name), names));
      return;
    }
    for (Map.Entry<String, Element> any : section.children().entrySet()) {
      for (String name : values.names(path, section.names())) {
        List<String> under = new ArrayList<>(names);
        under.add(name);
        child(any.getValue(), Schema.join(path, name), under);
      }
    }
  }

  private void child(Element element, String path, List<String> names) {
    if (element instanceof Section section) {
      section(section, path, names);
    } else if (element instanceof Key<?> key && isInForce(key, names)) {
      settings.add(setting(key, path, names.toArray(String[]::new)));
    }
  }

  /** With scaling, the number of instances is not a setting. */
  private boolean isInForce(Key<?> key, List<String> names) {
    return !key.equals(ServiceKeys.INSTANCES)
        || !values.hasSection(ServiceKeys.SCALING_SECTION.replace("*", names.get(0)));
  }

  private Setting setting(Key<?> key, String path, String... names) {
    return values
        .entry(key, names)
        .map(entry -> new Setting(path, entry.yaml(), file + ":" + entry.position().line()))
        .orElseGet(() -> new Setting(path, byDefault(key, names), "default"));
  }

  private String byDefault(Key<?> key, String... names) {
    if (key.equals(ResourcePolicyKeys.MEMBERS)) {
      // the default lists all services of the platform; in force are those that are configured
      ResourcePolicy policy = config.policies().get(names[0]);
      return policy == null ? NONE : policy.members().toString();
    }
    return key.defaultAt(names).orElse(NONE);
  }
}
