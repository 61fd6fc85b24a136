package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The instances of a node at one time, in the order of its configuration. Never changed. */
record Members(
    Map<InstanceId, ManagedInstance> byId, Map<String, List<ManagedInstance>> byService) {
  static final Members NONE = of(List.of());

  static Members of(Collection<ManagedInstance> all) {
    Map<InstanceId, ManagedInstance> byId = new LinkedHashMap<>();
    Map<String, List<ManagedInstance>> byService = new LinkedHashMap<>();
    for (ManagedInstance one : all) {
      byId.put(one.id(), one);
      byService.computeIfAbsent(one.id().service(), name -> new ArrayList<>()).add(one);
    }
    byService.replaceAll((service, some) -> List.copyOf(some));
    return new Members(Collections.unmodifiableMap(byId), Collections.unmodifiableMap(byService));
  }
}
