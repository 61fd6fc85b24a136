package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.ResourcePolicyKeys;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The records of the classes of services. */
final class PolicyReader {
  private PolicyReader() {}

  /** The classes of the file, or the known three. */
  static Map<String, ResourcePolicy> read(Values values, Set<String> services) {
    Map<String, ResourcePolicy> policies = new LinkedHashMap<>();
    for (String name : names(values)) {
      policies.put(name, policy(values, name, services));
    }
    return policies;
  }

  static List<String> names(Values values) {
    return values.names(ResourcePolicyKeys.SECTION, Optional.of(ResourcePolicyKeys.NAMES));
  }

  private static ResourcePolicy policy(Values values, String name, Set<String> services) {
    return new ResourcePolicy(
        name,
        members(values, name, services),
        values.get(ResourcePolicyKeys.MAX_MEMORY_BUFFER, name),
        values.get(ResourcePolicyKeys.CPU_PRIORITY_BOOST, name),
        threshold(values, ResourcePolicyKeys.MEMORY_THRESHOLD, name),
        threshold(values, ResourcePolicyKeys.CPU_THRESHOLD, name));
  }

  private static OptionalDouble threshold(Values values, Key<Double> key, String name) {
    Optional<Double> threshold = values.find(key, name);
    return threshold.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** Default members are those that are configured and that the file puts in no class. */
  private static List<String> members(Values values, String name, Set<String> services) {
    List<String> members = values.get(ResourcePolicyKeys.MEMBERS, name);
    if (values.isSet(ResourcePolicyKeys.MEMBERS, name)) {
      return members;
    }
    Set<String> taken = new HashSet<>();
    for (String other : names(values)) {
      values
          .entry(ResourcePolicyKeys.MEMBERS, other)
          .flatMap(Entry::value)
          .ifPresent(taken::addAll);
    }
    return members.stream()
        .filter(member -> services.contains(member) && !taken.contains(member))
        .toList();
  }
}
