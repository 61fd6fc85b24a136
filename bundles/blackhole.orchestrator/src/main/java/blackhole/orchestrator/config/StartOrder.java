package blackhole.orchestrator.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** In which order services start; stopping goes the other way round. */
public final class StartOrder {
  private StartOrder() {}

  /**
   * Levels to start one after the other; the services of a level start side by side. A dependency
   * that is not among {@code services} is not waited for.
   *
   * @throws IllegalArgumentException if they depend on each other in a circle
   */
  public static List<List<String>> levels(Collection<ServiceConfig> services) {
    Map<String, ServiceConfig> waiting = byName(services);
    List<List<String>> levels = new ArrayList<>();
    while (!waiting.isEmpty()) {
      List<String> ready =
          waiting.values().stream()
              .filter(service -> Collections.disjoint(service.dependsOn(), waiting.keySet()))
              .map(ServiceConfig::name)
              .toList();
      if (ready.isEmpty()) {
        throw new IllegalArgumentException(
            "services depend on each other in a circle: " + waiting.keySet());
      }
      waiting.keySet().removeAll(ready);
      levels.add(ready);
    }
    return levels;
  }

  /**
   * What {@code --only} means: these services and, through any number of steps, what they depend
   * on. Naming a service that is disabled is an error, since nobody asks for nothing; a disabled
   * dependency is left out with a warning, as it is without {@code --only}.
   */
  public static Selection select(NodeConfig config, Collection<String> names) {
    Set<String> selected = new LinkedHashSet<>();
    List<String> errors = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (String name : names) {
      ServiceConfig service = config.services().get(name);
      if (service == null) {
        errors.add(
            "there is no service " + name + ", expected one of " + listed(config.services()));
      } else if (!service.enabled()) {
        errors.add("service " + name + " is disabled, expected enabled: true in its stanza");
      } else {
        include(config, service, selected, warnings);
      }
    }
    return new Selection(inFileOrder(config, selected), errors, warnings);
  }

  private static void include(
      NodeConfig config, ServiceConfig service, Set<String> selected, List<String> warnings) {
    if (!selected.add(service.name())) {
      return;
    }
    for (String dependency : service.dependsOn()) {
      config
          .enabled(dependency)
          .ifPresentOrElse(
              needed -> include(config, needed, selected, warnings),
              () ->
                  warnings.add(
                      service.name() + " depends on " + dependency + ", which is disabled"));
    }
  }

  private static Set<String> inFileOrder(NodeConfig config, Set<String> selected) {
    Set<String> ordered = new LinkedHashSet<>(config.services().keySet());
    ordered.retainAll(selected);
    return ordered;
  }

  private static String listed(Map<String, ServiceConfig> services) {
    return String.join(", ", services.keySet());
  }

  private static Map<String, ServiceConfig> byName(Collection<ServiceConfig> services) {
    return services.stream()
        .collect(
            Collectors.toMap(
                ServiceConfig::name, service -> service, (a, b) -> a, LinkedHashMap::new));
  }

  /**
   * The services that were asked for.
   *
   * @param services in the order of the file
   * @param errors not empty if the request can't be met; each one a sentence
   */
  public record Selection(Set<String> services, List<String> errors, List<String> warnings) {
    public Selection {
      services = Collections.unmodifiableSet(new LinkedHashSet<>(services));
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
    }
  }
}
