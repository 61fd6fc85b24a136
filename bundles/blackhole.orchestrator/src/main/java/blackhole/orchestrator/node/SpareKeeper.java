package blackhole.orchestrator.node;

import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.spare.Offer;
import blackhole.orchestrator.spare.SparePool;
import blackhole.orchestrator.spare.SparePool.Seat;
import blackhole.orchestrator.spare.SpareProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * The node's spares, from when it is up to its stop: gives them to instances, with all that an
 * instance's host needs. Thread-safe; {@link #take} reads and writes files of the kernel.
 *
 * @param refill when the place of one that was taken is filled
 * @param stopping set when the node stops
 * @param note for the journal: how an instance got its process
 */
record SpareKeeper(
    SparePool pool,
    SpareLimits limits,
    ControlSessions sessions,
    ProcessSampler sampler,
    SpareRefill refill,
    AtomicBoolean stopping,
    BiConsumer<InstanceId, String> note)
    implements Spares {
  /** A spare that is an instance's from now on, but was not told so yet. */
  record Seized(Offer.Taken spare, HostSession session) {
    String hostId() {
      return spare.hostId();
    }

    RunningProcess process() {
      return spare.process();
    }

    void assign(Path assignment) {
      session.assign(assignment);
    }
  }

  /** The node is up. */
  void begin(Supervisor supervisor) {
    // watched for the life of the process
    AutoCloseable unused = supervisor.watch(status -> pool.lookSoon());
    pool.begin(
        () ->
            refill.mayStart()
                && supervisor.instances().stream()
                    .noneMatch(status -> status.state() == InstanceState.STARTING));
  }

  /** Processes of a service are about to change, until {@link #release}. */
  void hold() {
    refill.hold();
  }

  void release() {
    refill.release();
    pool.look();
  }

  /**
   * Whether there is no warm spare for a service, and one is to come, which is prepared then.
   *
   * @param jvmFlags as for {@link #take}
   */
  boolean awaits(ServiceConfig service, List<String> jvmFlags) {
    boolean awaited = pool.isToHave(SpareProfile.of(service, jvmFlags));
    refill.await(awaited);
    if (awaited) {
      pool.look();
    }
    return awaited;
  }

  /** A host that has no instance says that it is ready. */
  void ready(String hostId) {
    pool.ready(hostId);
  }

  /**
   * A spare for an instance, with its limits; empty for a cold start, which the journal explains.
   *
   * @param jvmFlags those of the instance, but for the class-data archive's
   */
  Optional<Seized> take(InstanceId id, ServiceConfig service, List<String> jvmFlags) {
    Offer offer = pool.take(SpareProfile.of(service, jvmFlags));
    if (offer.spare().isEmpty()) {
      if (!offer.reason().isEmpty()) {
        note.accept(id, "starts cold, as " + offer.reason());
      }
      return Optional.empty();
    }
    Offer.Taken spare = offer.spare().get();
    Optional<HostSession> session = sessions.find(spare.hostId()).filter(HostSession::isSpare);
    Optional<String> problem =
        session.isEmpty()
            ? Optional.of("its spare is not connected")
            : limits.adopt(id, service, spare.hostId());
    if (problem.isPresent()) {
      note.accept(id, "starts cold, as " + problem.get());
      pool.discard(spare);
      return Optional.empty();
    }
    note.accept(id, "takes a warm spare (pid " + spare.process().identity().pid() + ")");
    return session.map(open -> new Seized(spare, open));
  }

  /** It was taken, but its instance cannot use it: ends it. */
  void discard(Seized useless) {
    pool.discard(useless.spare());
  }

  /** Ends all; completes when nothing is left of them. */
  CompletionStage<Void> close() {
    stopping.set(true);
    return pool.close();
  }

  @Override
  public Hits hits() {
    SparePool.Hits hits = pool.hits();
    return new Hits(hits.taken(), hits.starts());
  }

  @Override
  public List<Spare> spares() {
    Hits hits = hits();
    String rate =
        hits.starts() == 0
            ? ""
            : "; " + hits.taken() + " of " + hits.starts() + " starts took a spare";
    return pool.seats().stream().map(seat -> spare(seat, rate)).toList();
  }

  private Spare spare(Seat seat, String rate) {
    Optional<ProcessSample> sample =
        seat.process().flatMap(process -> sampler.sample(process.identity()));
    return new Spare(
        seat.warm(),
        (seat.warm() ? "waits for a service" : "is being prepared") + rate,
        seat.process()
            .map(process -> OptionalLong.of(process.identity().pid()))
            .orElse(OptionalLong.empty()),
        seat.age(),
        sample.map(seen -> OptionalLong.of(seen.rssBytes())).orElse(OptionalLong.empty()));
  }
}
