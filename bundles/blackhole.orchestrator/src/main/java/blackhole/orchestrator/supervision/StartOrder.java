package blackhole.orchestrator.supervision;

import blackhole.orchestrator.config.ServiceConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** In which order services start; stopping goes the other way round. */
public final class StartOrder {
  private StartOrder() {}

  /**
   * Names by level: each service is in the first level after those of all that it depends on.
   * Services of a level keep the order in which they came. A dependency that is not among them is
   * none to wait for.
   *
   * @throws IllegalArgumentException when some depend on each other in a circle
   */
  public static List<List<String>> levels(Collection<ServiceConfig> services) {
    Set<String> names = services.stream().map(ServiceConfig::name).collect(Collectors.toSet());
    Set<String> placed = new HashSet<>();
    List<ServiceConfig> left = new ArrayList<>(services);
    List<List<String>> levels = new ArrayList<>();
    while (!left.isEmpty()) {
      List<String> level =
          left.stream()
              .filter(
                  service ->
                      service.dependsOn().stream()
                          .allMatch(name -> placed.contains(name) || !names.contains(name)))
              .map(ServiceConfig::name)
              .toList();
      if (level.isEmpty()) {
        throw new IllegalArgumentException(
            "these depend on each other in a circle: "
                + Words.list(left.stream().map(ServiceConfig::name).toList()));
      }
      levels.add(level);
      placed.addAll(level);
      left.removeIf(service -> placed.contains(service.name()));
    }
    return levels;
  }
}
