package blackhole.orchestrator.config.schema;

import java.util.List;

/**
 * Which names users may give in a section.
 *
 * @param pattern of the whole name
 * @param defaults the names that are there if the section is left out
 */
public record NameRule(String pattern, String expectation, List<String> defaults) {
  public NameRule {
    defaults = List.copyOf(defaults);
  }

  public boolean allows(String name) {
    return name.matches(pattern);
  }
}
