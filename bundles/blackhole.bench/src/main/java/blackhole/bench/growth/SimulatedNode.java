package blackhole.bench.growth;

import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.registry.CallPolicies;
import blackhole.orchestrator.registry.DirectoryFeed;
import blackhole.orchestrator.registry.InMemoryRegistry;
import blackhole.orchestrator.registry.NodeDirectory;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.supervision.Capacity;
import blackhole.orchestrator.supervision.Journal;
import blackhole.orchestrator.supervision.SupervisorEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The supervisor, the registry, the directory and the callers' resolvers of a node whose hosts are
 * simulated, all in one thread and in simulated time.
 */
final class SimulatedNode implements AutoCloseable {
  /** As many as churn makes at once; a real node's are its cores, and then restarts queue up. */
  private static final int PARALLEL_STARTS = 64;

  private static final Duration START_STEP = Duration.ofSeconds(5);
  private static final int START_STEPS = 200;
  private static final int CALLED_BY_A_HOST = 3;
  private static final double CHURN_PER_SECOND = 0.01;

  private final SimulatedTime time = new SimulatedTime();
  private final SimulatedHosts hosts = new SimulatedHosts(time);
  private final List<SimulatedCallers> callers = new ArrayList<>();
  private final SupervisorEngine engine;
  private final NodeDirectory directory;
  private final List<InstanceId> victims;
  private long revisions;
  private int next;

  /** Nobody reads it. */
  private static final class Unread implements Journal {
    @Override
    public void record(Entry entry) {}

    @Override
    public void decided(Decision decision) {}
  }

  /**
   * A node on which all are READY.
   *
   * @param followers hosts that keep a copy of the registry, and call some of the services
   */
  SimulatedNode(int services, int instances, int followers) {
    NodeConfig config = SimulatedConfig.of(services, instances);
    this.engine =
        new SupervisorEngine(
            config,
            Capacity.UNBOUNDED,
            hosts,
            (id, timeout) -> CompletableFuture.completedFuture(HealthResult.healthy()),
            time,
            () -> 0.5,
            new Unread(),
            PARALLEL_STARTS);
    InMemoryRegistry registry = new InMemoryRegistry(time);
    this.directory = new NodeDirectory(registry, time, "simulated");
    Map<String, CallPolicy> policies = new LinkedHashMap<>();
    for (ServiceConfig service : config.enabledServices()) {
      policies.put(service.name(), CallPolicies.of(service, false));
    }
    Registrar registrar =
        new Registrar("simulated", registry, directory::acknowledged, policies, time);
    hosts.connect(engine, registrar);
    directory.start();
    var unused = registrar.start(engine);
    time.advance(Duration.ZERO);
    callers.add(new SimulatedCallers(directory.directory(), List.copyOf(policies.keySet())));
    for (int follower = 0; follower < followers; follower++) {
      follow(follower, services);
    }
    start(services * instances);
    victims = new ArrayList<>(hosts.present());
    // those that are next to each other must not die together; the same ones each time
    victims.sort(InstanceId::compareTo);
    Collections.shuffle(victims, new Random(7));
  }

  private void follow(int follower, int services) {
    DirectoryCopy copy = new DirectoryCopy((delay, task) -> time.schedule(delay, task)::cancel);
    List<String> called = new ArrayList<>();
    for (int i = 0; i < CALLED_BY_A_HOST; i++) {
      called.add(SimulatedConfig.name((follower * CALLED_BY_A_HOST + i) % services));
    }
    callers.add(new SimulatedCallers(copy, called));
    Follower following = new Follower(follower, copy);
    // for as long as the node is
    DirectoryFeed.Following unused = directory.follow(following);
    CompletionStage<Void> all = following.changed(0);
  }

  /** What a host's stream and the host do, without the bytes between them. */
  private final class Follower implements DirectoryFeed.Follower {
    private final int number;
    private final DirectoryCopy copy;
    private String epoch = "";
    private long has;

    Follower(int number, DirectoryCopy copy) {
      this.number = number;
      this.copy = copy;
    }

    @Override
    public String name() {
      return "follower " + number;
    }

    @Override
    public CompletionStage<Void> changed(long revision) {
      DirectoryFeed.Delta delta = directory.since(epoch, has);
      epoch = delta.epoch();
      has = delta.revision();
      revisions++;
      return delta.complete()
          ? copy.replace(delta.services())
          : copy.update(delta.services(), delta.removed());
    }
  }

  private void start(int expected) {
    var unused = engine.startAll("simulation");
    for (int step = 0; step < START_STEPS; step++) {
      time.advance(START_STEP);
      long ready =
          engine.instances().stream().filter(one -> one.state() == InstanceState.READY).count();
      if (ready == expected) {
        return;
      }
    }
    throw new IllegalStateException("not all simulated instances got READY");
  }

  /**
   * Lets one in a hundred die in each second, each in its turn.
   *
   * @return how many died
   */
  int churn(Duration duration) {
    double perSecond = victims.size() * CHURN_PER_SECOND;
    int deaths = (int) Math.round(perSecond * duration.toMillis() / 1000);
    Duration between = Duration.ofNanos((long) (1e9 / perSecond));
    int died = 0;
    for (int death = 0; death < deaths; death++) {
      died += hosts.kill(victims.get(next++ % victims.size())) ? 1 : 0;
      time.advance(between);
    }
    return died;
  }

  /** Changes that any of the followers was told of. */
  long revisions() {
    return revisions;
  }

  /** How often any caller was given addresses. */
  long resolutions() {
    return callers.stream().mapToLong(SimulatedCallers::resolutions).sum();
  }

  @Override
  public void close() {
    callers.forEach(SimulatedCallers::close);
  }
}
