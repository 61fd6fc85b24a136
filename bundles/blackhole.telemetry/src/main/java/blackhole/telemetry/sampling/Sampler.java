package blackhole.telemetry.sampling;

import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.SocketChannels;
import blackhole.telemetry.history.InstanceKey;
import blackhole.telemetry.history.Sample;
import io.grpc.ManagedChannel;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks every instance of this node for its health, at its socket, once an interval. What it keeps
 * is used by its one thread, which also hands the samples on.
 */
public final class Sampler implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Sampler.class.getName());

  /** One that takes longer has no numbers of this time. */
  private static final Duration MAX_PATIENCE = Duration.ofSeconds(5);

  /** Takes samples, from one thread at a time. */
  @FunctionalInterface
  public interface Sink {
    void take(InstanceKey key, Sample sample);
  }

  private final ServiceDirectory directory;
  private final SocketChannels sockets;
  private final Clock clock;
  private final long intervalMillis;
  private final Sink sink;
  private final ScheduledExecutorService thread;
  private final Map<Path, ManagedChannel> channels = new HashMap<>();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();

  public Sampler(
      ServiceDirectory directory,
      SocketChannels sockets,
      Clock clock,
      Duration interval,
      Sink sink) {
    this.directory = directory;
    this.sockets = sockets;
    this.clock = clock;
    this.intervalMillis = interval.toMillis();
    this.sink = sink;
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "blackhole-telemetry");
              made.setDaemon(true);
              return made;
            });
    // what answers after the end has nowhere to go
    executor.setRejectedExecutionHandler((task, from) -> {});
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.thread = executor;
  }

  /** The first samples are of now. */
  public void start() {
    thread.execute(this::round);
  }

  private void round() {
    // first, so that nothing that fails ends the rounds; at the beginning of the next interval
    long now = clock.millis();
    var unused =
        thread.schedule(
            this::round,
            intervalMillis - Math.floorMod(now, intervalMillis),
            TimeUnit.MILLISECONDS);
    try {
      askAll(now);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "no samples were taken this time", e);
    }
  }

  private void askAll(long now) {
    Set<Path> present = new HashSet<>();
    directory
        .services()
        .forEach(
            service ->
                service.endpoints().stream()
                    .filter(endpoint -> endpoint.type() == RegisteredEndpoint.Type.LOCAL)
                    .filter(endpoint -> endpoint.socket().isPresent())
                    .forEach(
                        endpoint -> {
                          present.add(endpoint.socket().get());
                          ask(endpoint, endpoint.socket().get(), now);
                        }));
    channels
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !present.contains(entry.getKey());
              if (gone) {
                entry.getValue().shutdownNow();
              }
              return gone;
            });
  }

  private void ask(RegisteredEndpoint endpoint, Path socket, long now) {
    InstanceKey key = new InstanceKey(endpoint.service(), endpoint.instance());
    OptionalLong pid = endpoint.pid();
    asked.incrementAndGet();
    var unused =
        HealthQuestion.ask(
                channels.computeIfAbsent(socket, sockets::open),
                Duration.ofMillis(Math.min(intervalMillis, MAX_PATIENCE.toMillis())))
            .whenCompleteAsync(
                (answer, failure) -> {
                  Map<String, Double> metrics = new HashMap<>();
                  if (failure == null) {
                    metrics.putAll(answer);
                  } else {
                    unanswered.incrementAndGet();
                  }
                  metrics.put("up", failure == null ? 1.0 : 0.0);
                  pid.ifPresent(number -> metrics.put("pid", (double) number));
                  sink.take(key, new Sample(now, metrics));
                },
                thread);
  }

  /** How often an instance was asked. */
  public long asked() {
    return asked.get();
  }

  /** How often there was no answer. */
  public long unanswered() {
    return unanswered.get();
  }

  /** Returns when no sample is handed on any more. */
  @Override
  public void close() throws InterruptedException {
    var unused = thread.submit(() -> channels.values().forEach(ManagedChannel::shutdownNow));
    thread.shutdown();
    if (!thread.awaitTermination(MAX_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      LOG.log(Level.WARNING, "a sample takes long to be written");
    }
  }
}
