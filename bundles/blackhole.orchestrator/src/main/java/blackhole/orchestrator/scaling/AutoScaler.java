package blackhole.orchestrator.scaling;

import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Samples;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ScalingPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.supervision.Fleet;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves the services that have {@code scaling} between their bounds, and says why. Thread-safe:
 * rounds are made one at a time.
 */
public final class AutoScaler {
  /** For this long what was said holds: a load that comes and goes would fill the journal. */
  private static final int SAY_AGAIN_ROUNDS = 60;

  private static final Logger LOG = System.getLogger(AutoScaler.class.getName());

  private final Supplier<NodeConfig> config;
  private final Fleet fleet;
  private final LongSupplier nanoTime;
  private final int machineCores;

  // guarded by this
  private final LoadReader loads;
  private final Map<String, Scaled> services = new HashMap<>();

  /** One service, and what was last thought of it. */
  private static final class Scaled {
    private final String name;
    private ScalerState state = ScalerState.NEW;
    private Verdict.@Nullable Kind said;

    /** How many rounds it has not been so. */
    private int otherRounds;

    /** Why its last step was not taken; only one that is taken, or not wanted any more, ends it. */
    private boolean refused;

    Scaled(String name) {
      this.name = name;
    }
  }

  /**
   * @param config as it is now
   * @param nanoTime monotonic
   * @param machineCores what a service without {@code max_cpu} may use
   */
  public AutoScaler(
      Supplier<NodeConfig> config,
      Fleet fleet,
      Samples samples,
      LongSupplier nanoTime,
      int machineCores) {
    this.config = config;
    this.fleet = fleet;
    this.nanoTime = nanoTime;
    this.machineCores = machineCores;
    this.loads = new LoadReader(samples);
  }

  /** To be called after each regular sample. Reads no files, and does not wait. */
  public synchronized void round() {
    List<InstanceStatus> all = fleet.instances();
    NodeConfig now = config.get();
    services.keySet().removeIf(name -> scaling(now, name).isEmpty());
    for (ServiceConfig service : now.enabledServices()) {
      if (service.scaling().isPresent()) {
        Scaled scaled = services.computeIfAbsent(service.name(), Scaled::new);
        round(scaled, service, service.scaling().get(), now.supervisor().sampleInterval(), all);
      }
    }
  }

  private static Optional<ScalingPolicy> scaling(NodeConfig config, String name) {
    return Optional.ofNullable(config.services().get(name))
        .filter(ServiceConfig::enabled)
        .flatMap(ServiceConfig::scaling);
  }

  private void round(
      Scaled service,
      ServiceConfig configured,
      ScalingPolicy policy,
      Duration interval,
      List<InstanceStatus> all) {
    OptionalDouble limit = configured.limits().maxCpuCores();
    double cores = limit.orElse(machineCores);
    String words =
        limit.isPresent() ? "max_cpu (" + cores + ")" : "the machine's " + machineCores + " cores";
    Scaler scaler = new Scaler(policy, interval, words);
    List<Reading> readings =
        all.stream()
            .filter(status -> status.id().service().equals(service.name))
            .map(status -> loads.read(status, cores))
            .toList();
    Verdict verdict = scaler.judge(service.state, new Round(nanoTime.getAsLong(), readings));
    service.state = verdict.next();
    if (verdict.isStep()) {
      service.said = verdict.kind();
      step(service, verdict);
    } else {
      service.refused = false;
      say(service, verdict);
    }
  }

  /** What holds a service where it is, is said when it begins. */
  private void say(Scaled service, Verdict verdict) {
    boolean same = verdict.kind() == service.said && service.otherRounds < SAY_AGAIN_ROUNDS;
    service.otherRounds = verdict.kind() == service.said ? 0 : service.otherRounds + 1;
    if (verdict.kind().isWorthSaying() && !same) {
      service.said = verdict.kind();
      service.otherRounds = 0;
      String count = verdict.from() == 1 ? "1 instance" : verdict.from() + " instances";
      fleet.note(service.name, "stays at " + count + ": " + verdict.words(), false);
    }
  }

  private void step(Scaled service, Verdict verdict) {
    CompletionStage<Optional<String>> step =
        fleet.step(service.name, verdict.from(), verdict.to(), verdict.words());
    step.whenComplete(
        (refusal, problem) -> {
          if (problem != null) {
            LOG.log(Level.DEBUG, "no step of " + service.name, problem);
          } else {
            taken(service, verdict, refusal);
          }
        });
  }

  private synchronized void taken(Scaled service, Verdict verdict, Optional<String> refusal) {
    if (refusal.isPresent() && !service.refused) {
      fleet.note(
          service.name,
          "not scaled to " + verdict.to() + ": " + refusal.get() + "; " + verdict.words(),
          true);
    }
    service.refused = refusal.isPresent();
  }
}
