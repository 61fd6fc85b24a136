package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.StartOrder;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The instances of a node, in the order of its configuration. Immutable, but for what they do. */
final class InstanceTable {
  private final NodeConfig config;
  private final Map<InstanceId, ManagedInstance> instances = new LinkedHashMap<>();

  /** Makes one instance. */
  @FunctionalInterface
  interface Factory {
    ManagedInstance instance(InstanceId id, ServiceConfig service, Rules rules);
  }

  InstanceTable(NodeConfig config, Factory factory) {
    this.config = config;
    for (ServiceConfig service : config.enabledServices()) {
      Rules rules = Rules.of(service.restartPolicy(), config.supervisor());
      for (int number = 1; number <= service.instances(); number++) {
        InstanceId id = new InstanceId(service.name(), number);
        instances.put(id, factory.instance(id, service, rules));
      }
    }
  }

  Collection<ManagedInstance> all() {
    return instances.values();
  }

  Optional<ManagedInstance> find(InstanceId id) {
    return Optional.ofNullable(instances.get(id));
  }

  /**
   * What a command is for.
   *
   * @param number one instance; empty for all of the service
   * @throws IllegalArgumentException when there is none such, in words
   */
  List<ManagedInstance> choose(String service, OptionalInt number) {
    List<ManagedInstance> ofService = ofService(service);
    if (ofService.isEmpty()) {
      throw new IllegalArgumentException(
          config.services().containsKey(service)
              ? "service " + service + " is not enabled in the configuration"
              : "there is no service " + service + "; there is " + Words.list(services()));
    }
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

  private List<String> services() {
    return config.enabledServices().stream().map(ServiceConfig::name).toList();
  }

  private List<ManagedInstance> ofService(String service) {
    return all().stream().filter(one -> one.id().service().equals(service)).toList();
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

  private InstanceState state(String service) {
    return Dependencies.serviceState(
        ofService(service).stream().map(one -> one.state().shown()).toList());
  }

  long starting() {
    return all().stream().filter(one -> one.state() instanceof Starting).count();
  }

  /** Of those that wait only for their turn, who has waited longest. */
  Optional<ManagedInstance> nextInTurn() {
    return all().stream()
        .filter(one -> one.state() instanceof Queued)
        .min(Comparator.comparingLong(one -> ((Queued) one.state()).since()));
  }
}
