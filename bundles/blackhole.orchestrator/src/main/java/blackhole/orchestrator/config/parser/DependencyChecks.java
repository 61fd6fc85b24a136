package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.schema.ServiceKeys;
import blackhole.orchestrator.config.schema.Suggestions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether services can start one after the other as {@code depends_on} asks. */
final class DependencyChecks {
  private final NodeConfig config;
  private final Values values;
  private final Problems problems;

  /** From a start to where the search is. */
  private final List<String> trail = new ArrayList<>();

  /** Services from which every way has been searched. */
  private final Set<String> done = new HashSet<>();

  DependencyChecks(NodeConfig config, Values values, Problems problems) {
    this.config = config;
    this.values = values;
    this.problems = problems;
  }

  void check() {
    for (ServiceConfig service : config.services().values()) {
      service.dependsOn().forEach(dependency -> known(service, dependency));
      search(service);
    }
  }

  private void known(ServiceConfig service, String dependency) {
    ServiceConfig needed = config.services().get(dependency);
    if (needed == null) {
      Optional<String> near = Suggestions.closest(dependency, config.services().keySet());
      problems.error(
          position(service, dependency),
          key(service),
          dependency
              + " is not configured, expected one of the services"
              + near.map(name -> "; did you mean " + name + "?").orElse(""));
    } else if (!needed.enabled() && service.enabled()) {
      problems.warning(
          position(service, dependency),
          key(service),
          dependency + " is disabled, so " + service.name() + " will start without it");
    }
  }

  private void search(ServiceConfig service) {
    if (done.contains(service.name())) {
      return;
    }
    trail.add(service.name());
    for (String dependency : service.dependsOn()) {
      ServiceConfig needed = config.services().get(dependency);
      int start = trail.indexOf(dependency);
      if (start >= 0) {
        refuseCycle(service, dependency, trail.subList(start, trail.size()));
      } else if (needed != null) {
        search(needed);
      }
    }
    trail.remove(trail.size() - 1);
    done.add(service.name());
  }

  private void refuseCycle(ServiceConfig last, String first, List<String> cycle) {
    String circle = String.join(" -> ", cycle) + " -> " + first;
    problems.error(
        position(last, first),
        key(last),
        cycle.size() == 1
            ? "the service depends on itself (" + circle + "), expected other services only"
            : "services depend on each other in a circle (" + circle + "), expected none");
  }

  private static String key(ServiceConfig service) {
    return ServiceKeys.DEPENDS_ON.at(service.name());
  }

  private Position position(ServiceConfig service, String dependency) {
    return ListPositions.of(values, ServiceKeys.DEPENDS_ON, service.name(), dependency);
  }
}
