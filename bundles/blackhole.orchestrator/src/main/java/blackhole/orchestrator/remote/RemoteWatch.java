package blackhole.orchestrator.remote;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RegisteredEndpoint.Type;
import blackhole.api.supervision.InstanceHealth;
import blackhole.orchestrator.config.HostAndPort;
import blackhole.orchestrator.config.RemoteNode;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Follows one service of another node: {@code Watch} for what changes there, and {@code Check} at
 * every interval, so that a connection that died without a word is found out, and for servers that
 * have no {@code Watch}.
 *
 * <p>A channel that fails is closed, and the next try has a new one: gRPC's own backoff grows to
 * two minutes, and a channel that connects again answers calls with the failure before.
 *
 * <p>All state belongs to {@link #context}.
 */
final class RemoteWatch {
  private static final Logger LOG = System.getLogger(RemoteWatch.class.getName());

  /** Connecting to another node may take this long, on top of the check's own time. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** A connection that stood this long is tried again at once: servers close old ones. */
  private static final Duration STEADY = Duration.ofSeconds(1);

  /** An update in place may change methods, and keeps connections. */
  private static final int CHECKS_PER_TABLE = 6;

  private final RemoteNode node;
  private final String service;
  private final HostAndPort address;
  private final RemoteNodes.Surroundings surroundings;
  private final String id;
  private final Backoff backoff;
  private final SynchronizationContext context =
      new SynchronizationContext((thread, e) -> LOG.log(Level.ERROR, "a remote watch failed", e));

  private @Nullable Connection connection;
  private @Nullable ScheduledHandle retry;
  private volatile boolean closed;

  private InstanceHealth health = InstanceHealth.UNKNOWN;
  private String message = "not asked yet";
  private Instant lastSeen = Instant.EPOCH;
  private Map<String, Idempotency> methods = Map.of();

  RemoteWatch(
      RemoteNode node, String service, HostAndPort address, RemoteNodes.Surroundings surroundings) {
    this.node = node;
    this.service = service;
    this.address = address;
    this.surroundings = surroundings;
    this.id = node.nodeId() + "/" + service;
    this.backoff = new Backoff(surroundings.interval(), ThreadLocalRandom.current()::nextDouble);
  }

  void start() {
    context.execute(
        () -> {
          publish();
          connect();
        });
  }

  void close() {
    closed = true;
    context.execute(
        () -> {
          if (retry != null) {
            retry.cancel();
          }
          disconnect();
        });
  }

  private void connect() {
    if (closed) {
      return;
    }
    try {
      ManagedChannel channel =
          surroundings
              .channels()
              .open(node.nodeId(), address.host(), address.port(), node.certificateAuthority());
      connection = new Connection(channel);
      connection.begin();
    } catch (RuntimeException e) {
      // no certificate, or none that can be read
      failed(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void disconnect() {
    if (connection != null) {
      connection.end();
      connection = null;
    }
  }

  /** A try came to nothing, or a connection is lost for longer than a moment. */
  private void failed(String reason) {
    disconnect();
    become(InstanceHealth.UNREACHABLE, reason);
    retry = later(this::connect, backoff.next());
  }

  /** Null once it is over. */
  private @Nullable ScheduledHandle later(Runnable task, Duration delay) {
    if (!closed) {
      try {
        return context.schedule(task, delay.toMillis(), MILLISECONDS, surroundings.timer());
      } catch (RejectedExecutionException e) {
        // closed this very moment, and the timer too
        LOG.log(Level.DEBUG, "no timer for " + id, e);
      }
    }
    return null;
  }

  private void answered(InstanceHealth answer, String reason) {
    lastSeen = surroundings.clock().instant();
    if (!become(answer, reason) && !closed) {
      surroundings.sink().seen(service, id, lastSeen);
    }
  }

  /** False if nothing has changed. */
  private boolean become(InstanceHealth newHealth, String reason) {
    if (health == newHealth && message.equals(reason)) {
      return false;
    }
    health = newHealth;
    message = reason;
    if (!closed) {
      log();
    }
    publish();
    return true;
  }

  private void log() {
    if (health == InstanceHealth.HEALTHY) {
      LOG.log(Level.INFO, "{0} at {1} is healthy", id, address.toString());
    } else {
      LOG.log(
          Level.WARNING,
          "{0} at {1} is {2}: {3}",
          id,
          address.toString(),
          health == InstanceHealth.UNREACHABLE ? "unreachable" : "not healthy",
          message);
    }
  }

  private void publish() {
    if (!closed) {
      surroundings.sink().changed(endpoint(), methods);
    }
  }

  private RegisteredEndpoint endpoint() {
    return new RegisteredEndpoint(
        id,
        service,
        0,
        Type.REMOTE,
        node.nodeId(),
        Optional.empty(),
        Optional.of(address.host()),
        OptionalInt.of(address.port()),
        node.certificateAuthority(),
        OptionalLong.empty(),
        health,
        message,
        lastSeen);
  }

  /** One channel, from its opening until it fails. */
  private final class Connection {
    private final ManagedChannel channel;
    private final HealthCheckRequest question =
        HealthCheckRequest.newBuilder().setService(service).build();
    private final long openedNanos = System.nanoTime();
    private @Nullable ScheduledHandle next;
    private boolean answered;
    private int checks;

    Connection(ManagedChannel channel) {
      this.channel = channel;
    }

    void begin() {
      HealthGrpc.newStub(channel).watch(question, new Answers(true, surroundings.timeout()));
      check(CONNECT_TIMEOUT.plus(surroundings.timeout()));
    }

    void end() {
      if (next != null) {
        next.cancel();
      }
      channel.shutdownNow();
    }

    private void check(Duration timeout) {
      HealthGrpc.newStub(channel)
          .withDeadlineAfter(timeout.toMillis(), MILLISECONDS)
          .check(question, new Answers(false, timeout));
    }

    private boolean isCurrent() {
      return connection == this && !closed;
    }

    private void answer(ServingStatus status, boolean watched) {
      boolean wasHealthy = health == InstanceHealth.HEALTHY;
      switch (status) {
        case SERVING -> answered(InstanceHealth.HEALTHY, "");
        case NOT_SERVING -> answered(InstanceHealth.UNHEALTHY, "it says that it does not serve");
        case SERVICE_UNKNOWN -> unknownService();
        case UNKNOWN, UNRECOGNIZED ->
            answered(InstanceHealth.UNKNOWN, "it says that it does not know");
      }
      boolean back = status == ServingStatus.SERVING && !wasHealthy;
      afterAnswer(back, watched);
    }

    private void unknownService() {
      answered(InstanceHealth.UNHEALTHY, "what answers there serves no " + service);
    }

    private void afterAnswer(boolean back, boolean watched) {
      if (!answered || back) {
        answered = true;
        backoff.reset();
        readMethods();
      }
      if (!watched) {
        if (++checks % CHECKS_PER_TABLE == 0) {
          readMethods();
        }
        next = later(() -> check(surroundings.timeout()), surroundings.interval());
      }
    }

    private void readMethods() {
      var unused =
          MethodTable.read(channel, surroundings.timeout())
              .whenComplete((table, failure) -> context.execute(() -> take(table, failure)));
    }

    private void take(@Nullable Map<String, Idempotency> table, @Nullable Throwable failure) {
      if (!isCurrent()) {
        return;
      }
      if (failure != null || table == null) {
        LOG.log(Level.DEBUG, "no table of methods from " + id, failure);
      } else if (!table.equals(methods)) {
        methods = table;
        publish();
      }
    }

    private void failure(Throwable failure, boolean watched, Duration timeout) {
      Status.Code code = Status.fromThrowable(failure).getCode();
      if (code == Status.Code.UNIMPLEMENTED) {
        if (!watched) {
          answered(InstanceHealth.UNKNOWN, "it does not answer health checks");
          afterAnswer(false, false);
        }
      } else if (code == Status.Code.NOT_FOUND && !watched) {
        unknownService();
        afterAnswer(false, false);
      } else {
        lost(new ConnectFailure(node.nodeId(), timeout).inWords(failure));
      }
    }

    private void lost(String reason) {
      boolean steady = answered && System.nanoTime() - openedNanos >= STEADY.toNanos();
      if (steady) {
        disconnect();
        connect();
      } else {
        failed(reason);
      }
    }

    /** Of a watch, or of one check. */
    private final class Answers implements StreamObserver<HealthCheckResponse> {
      private final boolean watched;
      private final Duration timeout;

      Answers(boolean watched, Duration timeout) {
        this.watched = watched;
        this.timeout = timeout;
      }

      @Override
      public void onNext(HealthCheckResponse response) {
        inContext(() -> answer(response.getStatus(), watched));
      }

      @Override
      public void onError(Throwable failure) {
        inContext(() -> failure(failure, watched, timeout));
      }

      @Override
      public void onCompleted() {
        if (watched) {
          inContext(() -> lost("it ended the watch of its health"));
        }
      }

      private void inContext(Runnable task) {
        context.execute(
            () -> {
              if (isCurrent()) {
                task.run();
              }
            });
      }
    }
  }
}
