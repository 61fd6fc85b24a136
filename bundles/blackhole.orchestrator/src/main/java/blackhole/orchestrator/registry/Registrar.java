package blackhole.orchestrator.registry;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.Registry;
import blackhole.api.registry.ServiceDescription;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.supervision.SerialContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes this node's instances into the registry: each from when it is READY until it is about to
 * drain or is gone, with the supervisor's word on its health; and each service with whether it is
 * worth waiting for. What other nodes serve it writes as it is told. Thread-safe: everything
 * happens in the supervisor's serial context.
 */
public final class Registrar {
  /** What a node that vanishes leaves behind is gone after this. */
  static final Duration LEASE_TIME = Duration.ofSeconds(60);

  private static final Logger LOG = System.getLogger(Registrar.class.getName());

  private final String nodeId;
  private final Registry registry;
  private final LongFunction<CompletionStage<Void>> acknowledged;
  private final Map<String, CallPolicy> policies;
  private final SerialContext context;

  // in the serial context

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private OptionalLong lease = OptionalLong.empty();
  private final List<Runnable> awaitingLease = new ArrayList<>();

  /** The instances of one service, and what is the same for all of them. */
  private static final class Group {
    private final String service;
    private CallPolicy policy;
    private final Map<InstanceId, Member> members = new TreeMap<>();
    private Map<String, Idempotency> methods = Map.of();

    /** On other nodes, by endpoint id. */
    private final Map<String, RegisteredEndpoint> elsewhere = new TreeMap<>();

    /** As other nodes have them: of use until an instance of this one tells. */
    private Map<String, Idempotency> methodsElsewhere = Map.of();

    private CompletionStage<Long> described = CompletableFuture.completedFuture(0L);
    private @Nullable ServiceDescription last;

    Group(String service, CallPolicy policy) {
      this.service = service;
      this.policy = policy;
    }

    /** Writes what has changed; the stage is that of the last time that something had. */
    CompletionStage<Long> describe(Registry registry) {
      Availability availability =
          Availabilities.of(service, members.values().stream().map(Member::toInstance).toList());
      ServiceDescription now =
          new ServiceDescription(
              service, availability, policy, methods.isEmpty() ? methodsElsewhere : methods);
      if (!now.equals(last)) {
        last = now;
        described = registry.describe(now);
      }
      return described;
    }
  }

  /**
   * @param acknowledged completes when all who read the registry have taken a revision, or were
   *     waited for long enough
   * @param policies of the services to register, by name, with those that only other nodes have
   * @param context the supervisor's
   */
  public Registrar(
      String nodeId,
      Registry registry,
      LongFunction<CompletionStage<Void>> acknowledged,
      Map<String, CallPolicy> policies,
      SerialContext context) {
    this.nodeId = nodeId;
    this.registry = registry;
    this.acknowledged = acknowledged;
    this.policies = new LinkedHashMap<>(policies);
    this.context = context;
  }

  /**
   * Begins to follow the supervisor.
   *
   * @return completes when all services are described, with the revision in which they are
   */
  public CompletionStage<Long> start(Supervisor supervisor) {
    CompletableFuture<Long> described = new CompletableFuture<>();
    context.execute(
        () -> {
          // for the life of the process; in this context no change falls between this and the next
          AutoCloseable unused = supervisor.watch(status -> changed(supervisor, status));
          policies.forEach((service, policy) -> groups.put(service, new Group(service, policy)));
          supervisor.instances().forEach(this::add);
          openLease();
          CompletionStage<Long> last = CompletableFuture.completedFuture(0L);
          for (Group group : groups.values()) {
            last = group.describe(registry);
          }
          last.whenComplete(
              (revision, problem) -> {
                if (problem == null) {
                  described.complete(revision);
                } else {
                  described.completeExceptionally(problem);
                }
              });
        });
    return described;
  }

  /**
   * Services are called by other rules, there are more of them, or fewer. One that still has
   * instances stays.
   *
   * @param policies as at the beginning
   * @return completes when all is written, and has been taken by those who call, as far as they
   *     could be waited for
   */
  public CompletionStage<Void> configure(Map<String, CallPolicy> policies) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    context.execute(
        () -> {
          List<CompletableFuture<Long>> written = new ArrayList<>();
          policies.forEach(
              (service, policy) -> {
                Group group = groups.computeIfAbsent(service, name -> new Group(name, policy));
                group.policy = policy;
                written.add(group.describe(registry).toCompletableFuture());
              });
          List<String> gone =
              groups.values().stream()
                  .filter(group -> !policies.containsKey(group.service))
                  .filter(group -> group.members.isEmpty() && group.elsewhere.isEmpty())
                  .map(group -> group.service)
                  .toList();
          for (String service : gone) {
            groups.remove(service);
            written.add(registry.forget(service).toCompletableFuture());
          }
          CompletableFuture.allOf(written.toArray(CompletableFuture<?>[]::new))
              .thenCompose(
                  done ->
                      acknowledged.apply(
                          written.stream().mapToLong(CompletableFuture::join).max().orElse(0)))
              .whenComplete((done, problem) -> result.complete(null));
        });
    return result;
  }

  private void add(InstanceStatus status) {
    @Nullable Group group = groups.get(status.id().service());
    if (group != null) {
      group.members.put(status.id(), new Member(nodeId, status));
    }
  }

  private void changed(Supervisor supervisor, InstanceStatus status) {
    @Nullable Group group = groups.get(status.id().service());
    if (group == null) {
      return;
    }
    if (isGone(supervisor, status)) {
      forget(group, status.id());
    } else if (!group.members.containsKey(status.id())) {
      // a service has got one more
      add(status);
      group.describe(registry);
    } else {
      onMember(status.id(), (found, member) -> member.update(status));
    }
  }

  private static boolean isGone(Supervisor supervisor, InstanceStatus status) {
    return status.state() == InstanceState.STOPPED && supervisor.details(status.id()).isEmpty();
  }

  /** It was stopped for good, so it serves nothing; what it was says nothing of its service. */
  private void forget(Group group, InstanceId id) {
    @Nullable Member member = group.members.remove(id);
    if (member != null) {
      group.describe(registry);
      remove(member);
    }
  }

  /**
   * A host's service is there. It enters the registry when the supervisor calls it READY.
   *
   * @param methods what it serves
   */
  public void ready(
      InstanceId id, String hostId, OptionalInt port, Map<String, Idempotency> methods) {
    context.execute(
        () ->
            onMember(
                id,
                (group, member) -> {
                  group.methods = methods;
                  member.ready(hostId, port, context.wallTime());
                }));
  }

  /**
   * A host that is being adopted was READY before, so it stands in the registry from the first
   * moment on: those who call it are to notice nothing.
   *
   * @param methods what it served when it was last asked
   * @return completes when it stands there, with the revision in which it does
   */
  public CompletionStage<Long> adopted(
      InstanceId id, String hostId, OptionalInt port, Map<String, Idempotency> methods) {
    CompletableFuture<Long> result = new CompletableFuture<>();
    context.execute(
        () ->
            whenLeased(
                () -> {
                  onMember(
                      id,
                      (group, member) -> {
                        group.methods = methods;
                        member.adopted(hostId, port, context.wallTime());
                      });
                  @Nullable Group group = groups.get(id.service());
                  CompletionStage<Long> written =
                      group == null ? CompletableFuture.completedFuture(0L) : group.described;
                  written.whenComplete(
                      (revision, problem) -> result.complete(problem == null ? revision : 0L));
                }));
    return result;
  }

  /** Or a service could look as if it served before anything of it is written. */
  private void whenLeased(Runnable task) {
    if (lease.isPresent()) {
      task.run();
    } else {
      awaitingLease.add(task);
    }
  }

  /**
   * A host takes no more calls, or is about to be told so: it leaves the registry at once, and does
   * not come back.
   *
   * @return completes when no new call can go there, as far as those who call could be waited for;
   *     never exceptionally
   */
  public CompletionStage<Void> withdraw(InstanceId id, String hostId) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    context.execute(
        () -> {
          onMember(id, (group, member) -> member.leave(hostId));
          removal(id)
              .thenCompose(acknowledged::apply)
              .whenComplete((done, problem) -> result.complete(null));
        });
    return result;
  }

  private CompletionStage<Long> removal(InstanceId id) {
    @Nullable Group group = groups.get(id.service());
    @Nullable Member member = group == null ? null : group.members.get(id);
    return member == null ? CompletableFuture.completedFuture(0L) : member.removal();
  }

  /** An instance has answered a health check. */
  public void seen(InstanceId id) {
    context.execute(() -> onMember(id, (group, member) -> member.seen(context.wallTime())));
  }

  /**
   * Another node serves, or does so in another way than before.
   *
   * @param methods what it serves; empty when that is not known
   */
  public void elsewhere(RegisteredEndpoint endpoint, Map<String, Idempotency> methods) {
    context.execute(
        () -> {
          @Nullable Group group = groups.get(endpoint.service());
          if (group != null) {
            group.elsewhere.put(endpoint.id(), endpoint);
            if (!methods.isEmpty()) {
              group.methodsElsewhere = methods;
            }
            put(endpoint);
            group.describe(registry);
          }
        });
  }

  /** Another node has answered a health check. */
  public void seenElsewhere(String service, String endpointId, Instant when) {
    context.execute(
        () -> {
          @Nullable Group group = groups.get(service);
          @Nullable RegisteredEndpoint known =
              group == null ? null : group.elsewhere.get(endpointId);
          if (group != null && known != null) {
            RegisteredEndpoint seen = known.seen(when);
            group.elsewhere.put(endpointId, seen);
            put(seen);
          }
        });
  }

  /** Takes all that this node has registered out of the registry; completes when that is done. */
  public CompletionStage<Void> close() {
    CompletableFuture<Void> result = new CompletableFuture<>();
    context.execute(
        () -> {
          CompletionStage<Long> revoked =
              lease.isPresent()
                  ? registry.revoke(lease.getAsLong())
                  : CompletableFuture.completedFuture(0L);
          lease = OptionalLong.empty();
          revoked.whenComplete((revision, problem) -> result.complete(null));
        });
    return result;
  }

  private interface Change {
    void apply(Group group, Member member);
  }

  private void onMember(InstanceId id, Change change) {
    @Nullable Group group = groups.get(id.service());
    @Nullable Member member = group == null ? null : group.members.get(id);
    if (group != null && member != null) {
      change.apply(group, member);
      write(group, member);
    }
  }

  /**
   * Brings the registry up to date. A service without endpoints must never look as if it served: it
   * gets one before it says so, and says otherwise before it loses the last.
   */
  private void write(Group group, Member member) {
    if (member.wanted().isPresent()) {
      put(member);
      group.describe(registry);
    } else {
      group.describe(registry);
      remove(member);
    }
  }

  private void put(Member member) {
    Optional<RegisteredEndpoint> wanted = member.wanted();
    if (lease.isEmpty() || wanted.isEmpty() || wanted.equals(member.registered())) {
      return;
    }
    // another process of the instance: it is never written over the one before
    if (member.registered().filter(old -> !old.id().equals(wanted.get().id())).isPresent()) {
      remove(member);
    }
    member.registered(wanted);
    put(wanted.get());
  }

  /** Waits for a lease if there is none; everything is written once there is one. */
  private void put(RegisteredEndpoint endpoint) {
    if (lease.isEmpty()) {
      return;
    }
    long present = lease.getAsLong();
    registry
        .put(endpoint, present)
        .whenComplete(
            (revision, problem) -> {
              if (problem != null) {
                context.execute(() -> leaseLost(present, problem));
              }
            });
  }

  private void remove(Member member) {
    member.registered().ifPresent(old -> member.removed(registry.remove(old.service(), old.id())));
  }

  private void openLease() {
    registry
        .grant(LEASE_TIME)
        .whenComplete(
            (granted, problem) ->
                context.execute(
                    () -> {
                      if (granted != null) {
                        leaseOpen(granted);
                      } else {
                        LOG.log(Level.WARNING, "the registry grants no lease", problem);
                        context.schedule(LEASE_TIME.dividedBy(12), this::openLease);
                      }
                    }));
  }

  private void leaseOpen(long granted) {
    lease = OptionalLong.of(granted);
    keepAliveLater(granted);
    List<Runnable> waiting = List.copyOf(awaitingLease);
    awaitingLease.clear();
    waiting.forEach(Runnable::run);
    for (Group group : groups.values()) {
      group.members.values().forEach(one -> write(group, one));
      group.elsewhere.values().forEach(this::put);
    }
  }

  private void keepAliveLater(long present) {
    context.schedule(LEASE_TIME.dividedBy(3), () -> keepAlive(present));
  }

  private void keepAlive(long present) {
    if (lease.isEmpty() || lease.getAsLong() != present) {
      return;
    }
    registry
        .keepAlive(present)
        .whenComplete(
            (done, problem) ->
                context.execute(
                    () -> {
                      if (problem == null) {
                        keepAliveLater(present);
                      } else {
                        leaseLost(present, problem);
                      }
                    }));
  }

  /** Everything that hung on it is gone, and is written anew on the next one. */
  private void leaseLost(long lost, Throwable problem) {
    if (lease.isPresent() && lease.getAsLong() == lost) {
      LOG.log(Level.WARNING, "the node''s lease in the registry is lost: {0}", problem.toString());
      lease = OptionalLong.empty();
      groups
          .values()
          .forEach(
              group -> group.members.values().forEach(one -> one.registered(Optional.empty())));
      openLease();
    }
  }
}
