package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.StartOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a node, in the order of its configuration. Read from any thread, changed in the
 * serial context. What an event asks of it costs no more on a node with many services than on one
 * with few.
 */
final class InstanceTable {
  private final Factory factory;
  private volatile NodeConfig config;

  /** Replaced as a whole. */
  private volatile Members members = Members.NONE;

  // in the serial context

  /** By what they depend on. */
  private Map<String, List<String>> dependents = Map.of();

  private final StartQueue queue = new StartQueue();

  /** Those that were taken out, with their history: a number that comes back goes on with it. */
  private final Map<InstanceId, ManagedInstance> retired = new HashMap<>();

  /** Those that are taken out as soon as they have ended. */
  private final Set<InstanceId> leaving = new HashSet<>();

  /** Makes one instance. */
  @FunctionalInterface
  interface Factory {
    ManagedInstance instance(InstanceId id, ServiceConfig service, Rules rules);
  }

  InstanceTable(NodeConfig config, Factory factory) {
    this.config = config;
    this.factory = factory;
    List<ManagedInstance> all = new ArrayList<>();
    for (ServiceConfig service : config.enabledServices()) {
      for (int number = 1; number <= service.instances(); number++) {
        all.add(make(new InstanceId(service.name(), number), service));
      }
    }
    members = Members.of(all);
    dependents = dependents(config);
  }

  private static Map<String, List<String>> dependents(NodeConfig config) {
    Map<String, List<String>> dependents = new HashMap<>();
    for (ServiceConfig service : config.enabledServices()) {
      service
          .dependsOn()
          .forEach(
              name ->
                  dependents.computeIfAbsent(name, key -> new ArrayList<>()).add(service.name()));
    }
    return dependents;
  }

  /** The instances of all services that depend on this one. */
  List<ManagedInstance> dependentsOf(String service) {
    return dependents.getOrDefault(service, List.of()).stream()
        .flatMap(name -> ofService(name).stream())
        .toList();
  }

  private ManagedInstance make(InstanceId id, ServiceConfig service) {
    return factory.instance(id, service, rules(service));
  }

  private Rules rules(ServiceConfig service) {
    return Rules.of(service.restartPolicy(), config.supervisor());
  }

  Collection<ManagedInstance> all() {
    return members.byId().values();
  }

  boolean contains(ManagedInstance instance) {
    return members.byId().get(instance.id()) == instance;
  }

  /**
   * Adds instances to a service, with the lowest numbers that are free; one that is still leaving
   * stays instead.
   */
  List<ManagedInstance> add(ServiceConfig service, int count) {
    Map<InstanceId, ManagedInstance> all = new LinkedHashMap<>(members.byId());
    List<ManagedInstance> added =
        IntStream.iterate(1, number -> number + 1)
            .mapToObj(number -> new InstanceId(service.name(), number))
            .filter(id -> !all.containsKey(id) || leaving.contains(id))
            .limit(count)
            .map(id -> all.computeIfAbsent(id, unused -> revive(id, service)))
            .toList();
    added.forEach(one -> leaving.remove(one.id()));
    replace(all.values());
    return added;
  }

  /** Adds one with a number above all others of the service. */
  ManagedInstance addLast(ServiceConfig service) {
    int last =
        ofService(service.name()).stream().mapToInt(one -> one.id().instance()).max().orElse(0);
    return findOrAdd(new InstanceId(service.name(), last + 1)).orElseThrow();
  }

  /** One with this number, which is added if it is none of the service's; empty without one. */
  Optional<ManagedInstance> findOrAdd(InstanceId id) {
    Optional<ServiceConfig> service = config.enabled(id.service());
    if (service.isEmpty() || members.byId().containsKey(id)) {
      return find(id);
    }
    List<ManagedInstance> all = new ArrayList<>(all());
    ManagedInstance added = revive(id, service.get());
    all.add(added);
    replace(all);
    return Optional.of(added);
  }

  private ManagedInstance revive(InstanceId id, ServiceConfig service) {
    ManagedInstance before = retired.remove(id);
    if (before == null) {
      return make(id, service);
    }
    before.reconfigure(service, rules(service));
    return before;
  }

  /**
   * Another configuration is in force. Each instance follows that of its service; what the services
   * have of instances stays as it is.
   */
  void reconfigure(NodeConfig now) {
    config = now;
    dependents = dependents(now);
    for (ManagedInstance one : all()) {
      @Nullable ServiceConfig service = now.services().get(one.id().service());
      if (service != null) {
        one.reconfigure(service, rules(service));
      }
    }
  }

  private void replace(Collection<ManagedInstance> all) {
    Map<String, Integer> order = new HashMap<>();
    services().forEach(service -> order.put(service, order.size()));
    members =
        Members.of(
            all.stream()
                .sorted(
                    Comparator.comparingInt(
                            (ManagedInstance one) -> order.getOrDefault(one.id().service(), -1))
                        .thenComparingInt(one -> one.id().instance()))
                .toList());
  }

  /** It is not wanted any more, and is to be retired when it has ended. */
  void leave(ManagedInstance instance) {
    leaving.add(instance.id());
  }

  boolean isLeaving(ManagedInstance instance) {
    return leaving.contains(instance.id());
  }

  /** Takes one out that has left, unless it is wanted again by now. */
  boolean retire(ManagedInstance instance) {
    if (!(instance.state() instanceof Stopped) || !leaving.remove(instance.id())) {
      return false;
    }
    retired.put(instance.id(), instance);
    members = Members.of(all().stream().filter(one -> one != instance).toList());
    return true;
  }

  Optional<ManagedInstance> find(InstanceId id) {
    return Optional.ofNullable(members.byId().get(id));
  }

  /**
   * What a command is for.
   *
   * @param number one instance; empty for all of the service
   * @throws IllegalArgumentException when there is none such, in words
   */
  List<ManagedInstance> choose(String service, OptionalInt number) {
    List<ManagedInstance> ofService = wanted(service);
    List<ManagedInstance> chosen =
        ofService.stream()
            .filter(one -> number.isEmpty() || one.id().instance() == number.getAsInt())
            .toList();
    if (chosen.isEmpty()) {
      List<String> known = ofService.stream().map(one -> one.id().toString()).toList();
      throw new IllegalArgumentException(
          "there is no instance "
              + new InstanceId(service, number.orElseThrow())
              + "; there is "
              + Words.list(known));
    }
    return chosen;
  }

  /**
   * The instances of a service, but for those that are leaving.
   *
   * @throws IllegalArgumentException when there is no such service, in words
   */
  List<ManagedInstance> wanted(String service) {
    List<ManagedInstance> ofService = ofService(service);
    if (ofService.isEmpty()) {
      throw new IllegalArgumentException(
          config.services().containsKey(service)
              ? "service " + service + " is not enabled in the configuration"
              : "there is no service " + service + "; there is " + Words.list(services()));
    }
    return ofService.stream().filter(one -> !isLeaving(one)).toList();
  }

  /** Of a service that is enabled. */
  ServiceConfig config(String service) {
    return Objects.requireNonNull(config.services().get(service));
  }

  private List<String> services() {
    return config.enabledServices().stream().map(ServiceConfig::name).toList();
  }

  /** All of a service, also those that are leaving. */
  List<ManagedInstance> ofService(String service) {
    return members.byService().getOrDefault(service, List.of());
  }

  /** Those that others depend on last. */
  List<List<ManagedInstance>> stopLevels() {
    List<List<String>> levels = StartOrder.levels(config.enabledServices());
    return IntStream.range(0, levels.size())
        .mapToObj(i -> levels.get(levels.size() - 1 - i))
        .map(level -> level.stream().flatMap(name -> ofService(name).stream()).toList())
        .toList();
  }

  /** What a service depends on, as far as it is not READY now. */
  Dependencies dependencies(ServiceConfig service) {
    return new Dependencies(
        service.dependsOn().stream()
            .map(name -> new Dependencies.Missing(name, state(name)))
            .filter(one -> one.state() != InstanceState.READY)
            .toList());
  }

  /** A service is in the state of its best instance. */
  InstanceState state(String service) {
    return Dependencies.serviceState(
        ofService(service).stream().map(one -> one.state().shown()).toList());
  }

  /** Who starts, and whose turn is next. */
  StartQueue queue() {
    return queue;
  }
}
