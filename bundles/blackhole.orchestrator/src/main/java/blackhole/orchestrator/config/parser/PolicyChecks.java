package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.schema.ResourcePolicyKeys;
import blackhole.orchestrator.config.schema.Suggestions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether each service is in one class at most. */
final class PolicyChecks {
  private PolicyChecks() {}

  static void check(NodeConfig config, Values values, Problems problems) {
    Map<String, String> classes = new HashMap<>();
    for (ResourcePolicy policy : config.policies().values()) {
      if (values.isRefused(ResourcePolicyKeys.MEMBERS, policy.name())) {
        continue; // its members are not those of the file
      }
      Optional<Entry<List<String>>> written =
          values.entry(ResourcePolicyKeys.MEMBERS, policy.name());
      for (int i = 0; i < policy.members().size(); i++) {
        String member = policy.members().get(i);
        int index = i;
        Position at =
            written
                .map(entry -> entry.elements().get(index))
                .orElseGet(() -> values.position(ResourcePolicyKeys.MEMBERS.at(policy.name())));
        known(config, policy, member, at, problems);
        String other = classes.putIfAbsent(member, policy.name());
        if (other != null) {
          problems.error(
              at,
              ResourcePolicyKeys.MEMBERS.at(policy.name()),
              member + " is in " + other + " already, expected each service in one class");
        }
      }
    }
  }

  private static void known(
      NodeConfig config, ResourcePolicy policy, String member, Position at, Problems problems) {
    if (!config.services().containsKey(member)) {
      Optional<String> near = Suggestions.closest(member, config.services().keySet());
      problems.warning(
          at,
          ResourcePolicyKeys.MEMBERS.at(policy.name()),
          member
              + " is not configured"
              + near.map(name -> ", did you mean " + name + "?").orElse(""));
    }
  }
}
