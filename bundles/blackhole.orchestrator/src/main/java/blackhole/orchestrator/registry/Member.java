package blackhole.orchestrator.registry;

import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import io.grpc.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is known of one instance, and what of it stands in the registry. In a serial context. */
final class Member {
  /** Plaintext ports are on loopback only, and those with TLS are there too. */
  private static final String LOOPBACK = "127.0.0.1";

  private static final class Host {
    private final String id;
    private final OptionalInt port;
    private final boolean servedBefore;
    private boolean leaving;
    private Instant lastSeen;

    /**
     * @param servedBefore it was READY for an earlier orchestrator, so it is while it is adopted
     */
    Host(String id, OptionalInt port, boolean servedBefore, Instant lastSeen) {
      this.id = id;
      this.port = port;
      this.servedBefore = servedBefore;
      this.lastSeen = lastSeen;
    }
  }

  private final String nodeId;
  private InstanceStatus status;
  private Optional<Deadline> due = Optional.empty();
  private @Nullable Host host;
  private Optional<RegisteredEndpoint> registered = Optional.empty();
  private CompletionStage<Long> removal = CompletableFuture.completedFuture(0L);

  Member(String nodeId, InstanceStatus status) {
    this.nodeId = nodeId;
    this.status = status;
    update(status);
  }

  void update(InstanceStatus now) {
    status = now;
    due =
        now.nextStart()
            .filter(delay -> delay.compareTo(Duration.ZERO) > 0)
            .map(delay -> Deadline.after(delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** Its process is ready. That may be said again, which changes nothing. */
  void ready(String hostId, OptionalInt port, Instant when) {
    if (host == null || !host.id.equals(hostId)) {
      host = new Host(hostId, port, false, when);
    }
  }

  /** Its process serves, as an earlier orchestrator had noted. */
  void adopted(String hostId, OptionalInt port, Instant when) {
    host = new Host(hostId, port, true, when);
  }

  /** This process takes no more calls. */
  void leave(String hostId) {
    if (host != null && host.id.equals(hostId)) {
      host.leaving = true;
    }
  }

  void seen(Instant when) {
    if (host != null) {
      host.lastSeen = when;
    }
  }

  Availabilities.Instance toInstance() {
    return new Availabilities.Instance(
        serves() ? InstanceState.READY : status.state(),
        status.health().isUsable(),
        host != null && host.leaving,
        status.nextStart().isPresent(),
        due,
        status.message());
  }

  /** One that is shown as starting because it is adopted does so all the while. */
  private boolean serves() {
    return status.state() == InstanceState.READY
        || (host != null && host.servedBefore && status.state() == InstanceState.STARTING);
  }

  /** As it should stand in the registry; empty when it should not. */
  Optional<RegisteredEndpoint> wanted() {
    Host present = host;
    if (present == null || present.leaving || !serves()) {
      return Optional.empty();
    }
    return Optional.of(
        new RegisteredEndpoint(
            present.id,
            status.id().service(),
            status.id().instance(),
            RegisteredEndpoint.Type.LOCAL,
            nodeId,
            Optional.of(status.socket()),
            present.port.isPresent() ? Optional.of(LOOPBACK) : Optional.empty(),
            present.port,
            Optional.empty(),
            status.pid(),
            status.health(),
            status.message(),
            present.lastSeen));
  }

  /** As it was last written. */
  Optional<RegisteredEndpoint> registered() {
    return registered;
  }

  void registered(Optional<RegisteredEndpoint> written) {
    registered = written;
  }

  /** When it was last removed: the revision without it. */
  CompletionStage<Long> removal() {
    return removal;
  }

  void removed(CompletionStage<Long> revision) {
    registered = Optional.empty();
    removal = revision;
  }
}
