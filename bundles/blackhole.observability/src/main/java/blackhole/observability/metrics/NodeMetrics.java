package blackhole.observability.metrics;

import blackhole.api.metrics.LocalMetrics;
import blackhole.api.metrics.Metric;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.Hosts.HostMetrics;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Gathers what the node and its processes have counted. No part of it can hold up the rest: what is
 * not told in time is left out. Thread-safe.
 */
final class NodeMetrics {
  /** The label {@code service} of the orchestrator's own process, which is replica 0. */
  static final String ORCHESTRATOR = "orchestrator";

  private static final Logger LOG = System.getLogger(NodeMetrics.class.getName());

  private final Parts parts;
  private final Executor executor;
  private final Duration timeout;
  private final Continuation continuation = new Continuation();

  /** Who is asked. */
  record Parts(
      LocalMetrics local,
      Hosts hosts,
      Supervisor supervisor,
      Samples samples,
      Spares spares,
      Pressure pressure,
      Updates updates,
      NodeConfiguration configuration) {}

  /**
   * @param executor whose tasks may block
   * @param timeout of each part
   */
  NodeMetrics(Parts parts, Executor executor, Duration timeout) {
    this.parts = parts;
    this.executor = executor;
    this.timeout = timeout;
  }

  Families gather() throws InterruptedException {
    CompletableFuture<List<HostMetrics>> hosts = parts.hosts().metrics().toCompletableFuture();
    CompletableFuture<List<ProcessUsage>> usage =
        ask(() -> parts.samples().look(Samples.Depth.QUICK));
    CompletableFuture<List<Metric>> own = ask(parts.local()::collect);

    Families families = new Families();
    addNode(families);
    families.add(ORCHESTRATOR, 0, await(own));
    for (ProcessUsage one : await(usage)) {
      families.add(one.id().service(), one.id().instance(), ProcessMetrics.of(one));
    }
    addHosts(families, await(hosts));
    return families;
  }

  private <T> CompletableFuture<List<T>> ask(Supplier<List<T>> source) {
    return CompletableFuture.supplyAsync(source, executor);
  }

  private <T> List<T> await(CompletableFuture<List<T>> asked) throws InterruptedException {
    try {
      return asked.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.log(Level.DEBUG, "a part of the metrics was not told in time");
    } catch (ExecutionException e) {
      LOG.log(Level.WARNING, "a part of the metrics was not told", e.getCause());
    }
    return List.of();
  }

  private void addHosts(Families families, List<HostMetrics> told) {
    Map<InstanceId, HostMetrics> byInstance =
        told.stream().collect(Collectors.toMap(HostMetrics::id, Function.identity()));
    List<InstanceStatus> instances = parts.supervisor().instances();
    continuation.retain(instances.stream().map(InstanceStatus::id).toList());
    for (InstanceStatus status : instances) {
      InstanceId id = status.id();
      Optional<HostMetrics> host = Optional.ofNullable(byInstance.get(id));
      Optional<List<Metric>> metrics = host.flatMap(HostMetrics::metrics);
      List<Metric> all =
          metrics
              .map(
                  now ->
                      continuation.tell(
                          id, host.orElseThrow().hostId(), host.orElseThrow().adopted(), now))
              .orElseGet(() -> continuation.remembered(id));
      families.add(id.service(), id.instance(), all);
      families.add(
          id.service(),
          id.instance(),
          List.of(
              InstanceMetrics.gauge(
                  "blackhole_instance_metrics_answered",
                  "1 if the process told its metrics for this scrape; 0 if it hangs, or is not"
                      + " there.",
                  metrics.isPresent() ? 1 : 0)));
    }
  }

  /** What is known here of the node, and of each instance. */
  private void addNode(Families families) {
    List<InstanceId> instances = new ArrayList<>();
    for (InstanceStatus status : parts.supervisor().instances()) {
      InstanceId id = status.id();
      instances.add(id);
      parts
          .supervisor()
          .details(id)
          .ifPresent(
              details -> families.add(id.service(), id.instance(), InstanceMetrics.of(details)));
    }
    families.add(
        NodeWide.metrics(
            parts.configuration().nodeId(),
            parts.spares(),
            parts.pressure().signals(),
            instances,
            parts.updates().counts()));
  }
}
