package blackhole.shell.command;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.shell.text.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code SERVICE} or {@code SERVICE-N} means.
 *
 * @param instance empty for all
 */
public record Target(String service, OptionalInt instance) {
  /**
   * Names win over numbers: with a service {@code cache-2}, that is what {@code cache-2} means.
   *
   * @throws CommandException when there is no such service or instance
   */
  public static Target parse(String text, List<InstanceStatus> instances) {
    Set<String> services = services(instances);
    if (services.contains(text)) {
      return new Target(text, OptionalInt.empty());
    }
    int dash = text.lastIndexOf('-');
    if (dash > 0 && services.contains(text.substring(0, dash))) {
      return numbered(text.substring(0, dash), text.substring(dash + 1), instances);
    }
    throw new CommandException(
        "unknown service '" + text + "'" + Suggestion.phrase(text, services));
  }

  private static Target numbered(String service, String number, List<InstanceStatus> instances) {
    List<Integer> there =
        instances.stream()
            .map(InstanceStatus::id)
            .filter(id -> id.service().equals(service))
            .map(InstanceId::instance)
            .toList();
    for (int instance : there) {
      if (number.equals(Integer.toString(instance))) {
        return new Target(service, OptionalInt.of(instance));
      }
    }
    throw new CommandException(
        "service '"
            + service
            + "' has no instance "
            + number
            + "; it has "
            + there.stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }

  /** The names of all services, in order. */
  public static Set<String> services(List<InstanceStatus> instances) {
    return instances.stream()
        .map(status -> status.id().service())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** All that may be typed for {@code SERVICE[-N]}: services, then instances. */
  public static List<String> names(List<InstanceStatus> instances) {
    List<String> names = new ArrayList<>(services(instances));
    instances.forEach(status -> names.add(status.id().toString()));
    return names;
  }

  /** Those of the instances that are meant. */
  public List<InstanceStatus> select(List<InstanceStatus> instances) {
    return instances.stream().filter(status -> matches(status.id())).toList();
  }

  /** The one that is meant, or else the first. */
  public InstanceId first(List<InstanceStatus> instances) {
    return select(instances).get(0).id();
  }

  /** Whether it is meant. */
  public boolean matches(InstanceId id) {
    return id.service().equals(service)
        && (instance.isEmpty() || instance.getAsInt() == id.instance());
  }
}
