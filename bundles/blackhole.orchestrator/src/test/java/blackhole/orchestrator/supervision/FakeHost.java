package blackhole.orchestrator.supervision;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One process of an instance, which does what a test wants. */
final class FakeHost implements RunningProcess {
  final InstanceId id;
  final long generation;
  final long launched;

  /** What reached it, in order: {@code drain 24 s}, {@code SIGTERM}, {@code SIGKILL}. */
  final List<String> received = new ArrayList<>();

  /** How it takes what reaches it. */
  boolean obeysDrain = true;

  boolean obeysTerm = true;
  boolean obeysKill = true;
  boolean connected = true;

  private boolean saidReady;
  private final FakeDriver driver;
  private final ProcessIdentity identity;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  FakeHost(FakeDriver driver, InstanceId id, long generation, long pid, long launched) {
    this.driver = driver;
    this.id = id;
    this.generation = generation;
    this.launched = launched;
    this.identity = new ProcessIdentity(pid, 1000 + pid);
  }

  long pid() {
    return identity.pid();
  }

  boolean lives() {
    return !exit.isDone();
  }

  boolean isStarting() {
    return lives() && !saidReady;
  }

  void hello() {
    driver.events().helloed(id, generation, Optional.of("archive in use"));
  }

  void ready() {
    saidReady = true;
    driver.events().ready(id, generation, OptionalInt.of(50001), Optional.of("1.0.0"));
  }

  /** As one of which nobody can read the exit code. */
  void vanish() {
    exit.completeExceptionally(new IOException("no child of ours"));
  }

  void exit(int code) {
    exit.complete(code);
  }

  void after(Duration delay, Runnable what) {
    driver.time.schedule(
        delay,
        () -> {
          if (lives()) {
            what.run();
          }
        });
  }

  boolean drain(Duration timeout) {
    if (!connected) {
      return false;
    }
    received.add("drain " + Words.of(timeout));
    if (obeysDrain) {
      after(driver.drainTime, () -> exit(0));
    }
    return true;
  }

  @Override
  public ProcessIdentity identity() {
    return identity;
  }

  @Override
  public CompletionStage<Integer> onExit() {
    return exit;
  }

  @Override
  public void terminate() {
    received.add("SIGTERM");
    if (obeysTerm) {
      exit(143);
    }
  }

  @Override
  public void kill() {
    received.add("SIGKILL");
    if (obeysKill) {
      exit(137);
    }
  }
}
