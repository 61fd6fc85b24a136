package blackhole.host;

import blackhole.api.host.Vacancy;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.shell.LineResult;
import blackhole.control.v1.Hello;
import blackhole.control.v1.Ready;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.Sample;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The life of a host before it has a service: it warms itself up, tells the orchestrator, and waits
 * to be given one. Then it hangs up, and another part of the host calls in its place. Thread-safe.
 */
final class SpareHost implements ControlClient.Handler {
  /** Does once what the start of a service would do for the first time. */
  @FunctionalInterface
  interface WarmingUp {
    void run() throws IOException, InterruptedException, ExecutionException, TimeoutException;
  }

  /** As the protocol names it. No registry: nobody here calls anybody. */
  static final List<String> FEATURES = List.of("spare");

  private static final Logger LOG = System.getLogger(SpareHost.class.getName());
  private static final int EXIT_FAILED = 1;

  private final Vacancy vacancy;
  private final WarmingUp warmUp;
  private final Consumer<ManagedChannel> heir;
  private final Executor executor;
  private final IntConsumer exit;
  private final ControlClient orchestrator;

  /**
   * @param channels a new channel to the orchestrator's socket for each attempt
   * @param hello who this is
   * @param heir gets the channel that this needs no more, for who calls in its place
   * @param executor for what may block
   * @param exit ends the JVM in order; returns at once
   */
  SpareHost(
      Vacancy vacancy,
      WarmingUp warmUp,
      Supplier<ManagedChannel> channels,
      Supplier<Hello> hello,
      Consumer<ManagedChannel> heir,
      Backoff backoff,
      Executor executor,
      ScheduledExecutorService timer,
      IntConsumer exit) {
    this.vacancy = vacancy;
    this.warmUp = warmUp;
    this.heir = heir;
    this.executor = executor;
    this.exit = exit;
    this.orchestrator =
        new ControlClient(channels, hello, this, backoff, vacancy.orphanTimeout(), timer);
  }

  void start() {
    orchestrator.start();
    executor.execute(this::warmUp);
  }

  void close() {
    orchestrator.close();
  }

  private void warmUp() {
    try {
      warmUp.run();
      LOG.log(Level.INFO, "warm; waits for a service");
      orchestrator.ready(Ready.getDefaultInstance());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.log(Level.WARNING, "interrupted while it warmed up");
    } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
      LOG.log(Level.ERROR, "it could not warm up, and would be of no use", e);
      exit.accept(EXIT_FAILED);
    }
  }

  @Override
  public void assign(Path assignment) {
    // before the other part calls: the orchestrator takes one stream of a host at a time
    orchestrator.handOver(heir);
    executor.execute(() -> fill(assignment));
  }

  private void fill(Path assignment) {
    try {
      vacancy.fill(assignment);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "cannot take the service over", e);
      exit.accept(EXIT_FAILED);
    }
  }

  @Override
  public List<String> features() {
    return FEATURES;
  }

  @Override
  public void drain(Duration timeout) {
    exit.accept(0);
  }

  @Override
  public void command(String line, Consumer<LineResult> answer) {
    answer.accept(new LineResult(1, "", "this host has no service yet\n"));
  }

  @Override
  public void welcomed(String callToken) {}

  @Override
  public CompletionStage<Void> registry(RegistryUpdate update) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public List<ServiceCalls> calls() {
    return List.of();
  }

  /** Its figures are nobody's yet. */
  @Override
  public void sample(Consumer<Sample> answer) {}

  @Override
  public void orphaned(Duration timeout) {
    LOG.log(Level.INFO, "no orchestrator for {0} s; exits", timeout.toSeconds());
    exit.accept(0);
  }

  @Override
  public void refused(String reason) {
    LOG.log(Level.INFO, "the orchestrator refused this host: {0}; exits", reason);
    exit.accept(EXIT_FAILED);
  }
}
