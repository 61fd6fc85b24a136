package blackhole.orchestrator.spare;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.RunningProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A pool whose processes exist in name only, in a time that the test moves. */
class SparePoolTest {
  private static final SpareProfile PROFILE =
      new SpareProfile(List.of("-Xmx64m"), OptionalInt.empty(), false);
  private Duration startTimeout = Duration.ofMinutes(2);

  private final Deque<Runnable> work = new ArrayDeque<>();
  private final ManualTime time = new ManualTime();
  private final FakeHosts hosts = new FakeHosts();
  private SparePool pool = pool(1);
  private boolean quiet = true;

  private SparePool pool(int size) {
    return new SparePool(size, PROFILE, hosts, "spare-", () -> startTimeout, work::add, time);
  }

  /** Does all that is to be done by now. */
  private void settle() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  private void begin() {
    pool.begin(() -> quiet);
    settle();
  }

  private void warm(String hostId) {
    pool.ready(hostId);
    settle();
  }

  private Optional<String> take() {
    Optional<String> taken = pool.take(PROFILE).spare().map(Offer.Taken::hostId);
    settle();
    return taken;
  }

  private String refusal(SpareProfile wanted) {
    Offer offer = pool.take(wanted);
    assertThat(offer.spare()).isEmpty();
    return offer.reason();
  }

  @Test
  void beforeTheNodeIsUpThereIsNoneAndNobodyMissesIt() {
    assertThat(refusal(PROFILE)).isEmpty();
    assertThat(hosts.started).isEmpty();
    assertThat(pool.hits().starts()).isZero();
  }

  @Test
  void givesAwayWhatIsWarmAndPreparesTheNext() {
    begin();
    assertThat(hosts.started).containsExactly("spare-1");
    assertThat(refusal(PROFILE)).isEqualTo("the next spare is not warm yet");
    warm("spare-1");
    assertThat(hosts.warmed).containsExactly("spare-1");
    assertThat(take()).contains("spare-1");
    assertThat(refusal(PROFILE)).isEqualTo("there is no spare");
    pool.look();
    settle();
    assertThat(hosts.started).containsExactly("spare-1", "spare-2");
    assertThat(pool.hits()).isEqualTo(new SparePool.Hits(1, 3));
  }

  @Test
  void isToHaveOneUntilOneIsThereAndNoneThatDoesNotFit() {
    begin();
    assertThat(pool.isToHave(PROFILE)).isTrue();
    assertThat(pool.isToHave(new SpareProfile(List.of("-Xmx96m"), OptionalInt.empty(), false)))
        .isFalse();
    warm("spare-1");
    assertThat(pool.isToHave(PROFILE)).isFalse();
    take();
    assertThat(pool.isToHave(PROFILE)).isTrue();
    assertThat(pool(0).isToHave(PROFILE)).isFalse();
  }

  @Test
  void theEndOfOneThatWasTakenIsItsInstancesBusiness() {
    begin();
    warm("spare-1");
    take();
    hosts.end("spare-1", 137);
    settle();
    assertThat(hosts.cleared).isEmpty();
  }

  @Test
  void preparesOneAtATimeUpToItsSize() {
    pool = pool(2);
    begin();
    assertThat(hosts.started).hasSize(1);
    warm("spare-1");
    assertThat(hosts.started).hasSize(2);
    warm("spare-2");
    pool.look();
    settle();
    assertThat(hosts.started).hasSize(2);
    assertThat(pool.seats()).extracting(SparePool.Seat::warm).containsExactly(true, true);
  }

  @Test
  void waitsUntilNothingElseStarts() {
    quiet = false;
    begin();
    assertThat(hosts.started).isEmpty();
    quiet = true;
    pool.look();
    settle();
    assertThat(hosts.started).containsExactly("spare-1");
  }

  @Test
  void leavesTheMachineToWhatHasJustGotReady() {
    begin();
    warm("spare-1");
    take();
    pool.lookSoon();
    pool.lookSoon();
    settle();
    assertThat(hosts.started).as("not at once").hasSize(1);
    time.pass(SparePool.CALM);
    settle();
    assertThat(hosts.started).containsExactly("spare-1", "spare-2");
    warm("spare-2");
    take();
    pool.lookSoon();
    time.pass(SparePool.CALM);
    settle();
    assertThat(hosts.started).as("again, after the first time").hasSize(3);
  }

  @Test
  void whatDiesIsReplacedAfterGrowingDelays() {
    begin();
    warm("spare-1");
    hosts.end("spare-1", 137);
    settle();
    assertThat(hosts.cleared).containsExactly("spare-1: exit code 137");
    pool.look();
    settle();
    assertThat(hosts.started).as("not at once").hasSize(1);
    time.pass(Duration.ofSeconds(1));
    settle();
    assertThat(hosts.started).hasSize(2);
    hosts.end("spare-2", 1);
    settle();
    time.pass(Duration.ofSeconds(1));
    settle();
    assertThat(hosts.started).as("twice as long").hasSize(2);
    time.pass(Duration.ofSeconds(1));
    settle();
    assertThat(hosts.started).hasSize(3);
  }

  @Test
  void oneThatLivedForLongMakesTheDelayShortAgain() {
    begin();
    hosts.end("spare-1", 1);
    settle();
    time.pass(Duration.ofSeconds(1));
    settle();
    warm("spare-2");
    time.pass(Duration.ofSeconds(61));
    settle();
    hosts.end("spare-2", 137);
    settle();
    time.pass(Duration.ofSeconds(1));
    settle();
    assertThat(hosts.started).hasSize(3);
  }

  @Test
  void delaysAreBounded() {
    assertThat(SparePool.delay(1)).hasSeconds(1);
    assertThat(SparePool.delay(4)).hasSeconds(8);
    assertThat(SparePool.delay(7)).hasMinutes(1);
    assertThat(SparePool.delay(1_000_000)).hasMinutes(1);
  }

  @Test
  void whatCannotBeStartedIsTriedAgainLater() {
    hosts.refuses = true;
    begin();
    assertThat(hosts.started).isEmpty();
    assertThat(pool.seats()).isEmpty();
    hosts.refuses = false;
    time.pass(Duration.ofSeconds(1));
    settle();
    assertThat(hosts.started).containsExactly("spare-2");
  }

  @Test
  void whatDoesNotGetWarmInTimeIsKilled() {
    begin();
    time.pass(startTimeout);
    settle();
    assertThat(hosts.cleared).containsExactly("spare-1: exit code 137");
  }

  @Test
  void anotherStartTimeoutHoldsForTheNext() {
    startTimeout = Duration.ofMinutes(10);
    begin();
    time.pass(Duration.ofMinutes(9));
    settle();
    assertThat(hosts.cleared).isEmpty();
    time.pass(Duration.ofMinutes(1));
    settle();
    assertThat(hosts.cleared).containsExactly("spare-1: exit code 137");
  }

  @Test
  void whatIsWarmInTimeIsNot() {
    begin();
    warm("spare-1");
    time.pass(startTimeout);
    settle();
    assertThat(hosts.cleared).isEmpty();
    assertThat(take()).contains("spare-1");
  }

  @Test
  void whatIsOfNoUseIsEndedAndReplacedAtOnce() {
    begin();
    warm("spare-1");
    pool.discard(pool.take(PROFILE).spare().orElseThrow());
    settle();
    assertThat(hosts.cleared).containsExactly("spare-1: exit code 137");
    assertThat(hosts.started).containsExactly("spare-1", "spare-2");
    assertThat(pool.hits()).isEqualTo(new SparePool.Hits(0, 1));
  }

  @Test
  void oneThatEndedAsItWasTakenIsClearedAwayWhenItIsDiscarded() {
    begin();
    warm("spare-1");
    Offer.Taken taken = pool.take(PROFILE).spare().orElseThrow();
    hosts.end("spare-1", 137);
    settle();
    pool.discard(taken);
    settle();
    assertThat(hosts.cleared).containsExactly("spare-1: ended as it was taken");
  }

  @Test
  void noneIsGivenToAServiceThatItDoesNotFit() {
    begin();
    warm("spare-1");
    assertThat(refusal(new SpareProfile(List.of("-Xmx128m"), OptionalInt.empty(), false)))
        .isEqualTo("spares have other JVM flags: -Xmx64m");
    assertThat(refusal(new SpareProfile(List.of("-Xmx64m"), OptionalInt.of(512), false)))
        .isEqualTo("spares have another max_file_desc");
    assertThat(refusal(new SpareProfile(List.of("-Xmx64m"), OptionalInt.empty(), true)))
        .isEqualTo("spares cannot get a first max_threads");
    assertThat(take()).contains("spare-1");
  }

  @Test
  void closesOnceNothingIsLeft() {
    pool = pool(2);
    begin();
    warm("spare-1");
    CompletionStage<Void> closed = pool.close();
    assertThat(closed.toCompletableFuture()).isNotDone();
    settle();
    assertThat(closed.toCompletableFuture()).isDone();
    assertThat(hosts.cleared).hasSize(2);
    pool.look();
    time.pass(Duration.ofMinutes(2));
    settle();
    assertThat(hosts.started).hasSize(2);
    assertThat(refusal(PROFILE)).isEmpty();
  }

  @Test
  void whatIsJustBeingStartedEndsTooWhenThePoolCloses() {
    pool.begin(() -> true);
    CompletionStage<Void> closed = pool.close();
    settle();
    assertThat(hosts.cleared).hasSize(1);
    assertThat(closed.toCompletableFuture()).isDone();
  }

  @Test
  void aPoolOfNoneStartsNoneAndSaysNothing() {
    pool = pool(0);
    begin();
    assertThat(hosts.started).isEmpty();
    assertThat(refusal(PROFILE)).isEmpty();
    assertThat(pool.close().toCompletableFuture()).isDone();
  }

  private static final class ManualTime implements SparePool.Time {
    private record Task(long at, Runnable run) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void later(Duration delay, Runnable task) {
      tasks.add(new Task(now + delay.toNanos(), task));
    }

    void pass(Duration duration) {
      now += duration.toNanos();
      List<Task> due = tasks.stream().filter(task -> task.at() <= now).toList();
      tasks.removeAll(due);
      due.forEach(task -> task.run().run());
    }
  }

  private static final class FakeHosts implements SparePool.Hosts {
    final List<String> started = new ArrayList<>();
    final List<String> warmed = new ArrayList<>();
    final List<String> cleared = new ArrayList<>();
    private final Map<String, CompletableFuture<Integer>> exits = new HashMap<>();
    boolean refuses;

    @Override
    public RunningProcess start(String hostId) throws IOException {
      if (refuses) {
        throw new IOException("no memory");
      }
      started.add(hostId);
      CompletableFuture<Integer> exit = new CompletableFuture<>();
      exits.put(hostId, exit);
      return new FakeProcess(new ProcessIdentity(started.size(), 1), exit);
    }

    void end(String hostId, int code) {
      exits.get(hostId).complete(code);
    }

    @Override
    public void warmed(String hostId) {
      warmed.add(hostId);
    }

    @Override
    public void ended(String hostId, String how) {
      cleared.add(hostId + ": " + how);
    }
  }

  private record FakeProcess(ProcessIdentity identity, CompletableFuture<Integer> exit)
      implements RunningProcess {
    @Override
    public CompletionStage<Integer> onExit() {
      return exit;
    }

    @Override
    public void terminate() {
      throw new AssertionError("a spare has nothing to drain");
    }

    @Override
    public void kill() {
      exit.complete(137);
    }
  }
}
