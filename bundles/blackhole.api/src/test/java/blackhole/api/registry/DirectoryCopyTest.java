package blackhole.api.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DirectoryCopyTest {
  /** What the copy has scheduled and not cancelled; time passes when a test runs it. */
  private final List<Runnable> timers = new ArrayList<>();

  private final DirectoryCopy directory =
      new DirectoryCopy(
          (delay, task) -> {
            assertThat(delay).isEqualTo(DirectoryCopy.PATIENCE);
            timers.add(task);
            return () -> timers.remove(task);
          });
  private final List<Long> seen = new ArrayList<>();

  @Test
  void knowsNothingUntilItIsTold() {
    assertThat(directory.isComplete()).isFalse();
    assertThat(directory.services()).isEmpty();
    assertThat(directory.find("storage")).isEmpty();

    directory.replace(List.of(service("storage", 1), service("identity", 2)));

    assertThat(directory.isComplete()).isTrue();
    assertThat(directory.services())
        .extracting(ServiceRecord::name)
        .containsExactly("identity", "storage");
    assertThat(directory.find("storage")).contains(service("storage", 1));
  }

  @Test
  void aWatcherIsCalledAtOnceAndThenWithEachChangeOfItsService() {
    directory.replace(List.of(service("storage", 1)));
    ServiceDirectory.Watch watch = directory.watch("storage", this::note);
    assertThat(seen).containsExactly(1L);

    directory.update(List.of(service("identity", 2)), List.of());
    directory.update(List.of(service("storage", 3)), List.of());
    directory.update(List.of(service("storage", 3)), List.of());
    directory.update(List.of(), List.of("storage"));
    assertThat(seen).containsExactly(1L, 3L, -1L);

    watch.close();
    directory.update(List.of(service("storage", 4)), List.of());
    assertThat(seen).hasSize(3);
  }

  @Test
  void whatIsNotAmongAllIsGone() {
    directory.replace(List.of(service("storage", 1), service("identity", 1)));
    directory.watch("storage", this::note);
    directory.replace(List.of(service("identity", 1)));
    assertThat(seen).containsExactly(1L, -1L);
    assertThat(directory.find("storage")).isEmpty();
  }

  @Test
  void thatANameIsUnknownForCertainIsSaidOnce() {
    directory.watch("storage", this::note);
    assertThat(seen).containsExactly(-1L);
    directory.replace(List.of());
    assertThat(seen).as("it may fail calls now that it held").containsExactly(-1L, -1L);
    directory.replace(List.of());
    assertThat(seen).hasSize(2);
  }

  @Test
  void whatNobodyNeedsToHearIsThereForThoseWhoLook() {
    directory.replace(List.of(service("storage", 1)));
    directory.watch("storage", this::note);
    directory.refresh(List.of(service("storage", 2)));
    assertThat(seen).containsExactly(1L);
    assertThat(directory.find("storage")).contains(service("storage", 2));
  }

  @Test
  void aChangeIsTakenWhenAllWatchersHaveTakenIt() {
    directory.replace(List.of(service("storage", 1)));
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    directory.watch("storage", record -> later(answers));
    directory.watch("storage", record -> later(answers));

    CompletionStage<Void> taken = directory.update(List.of(service("storage", 2)), List.of());
    answers.get(2).complete(null);
    assertThat(taken.toCompletableFuture()).isNotDone();
    answers.get(3).completeExceptionally(new IllegalStateException("a failure is an answer too"));
    assertThat(taken.toCompletableFuture()).isCompleted();
  }

  @Test
  void aWatcherThatHangsIsPassedOver() {
    directory.replace(List.of(service("storage", 1)));
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    directory.watch("storage", record -> later(answers));
    answers.get(0).complete(null);
    assertThat(timers).as("an answer cancels the timer").isEmpty();

    CompletionStage<Void> taken = directory.update(List.of(service("storage", 2)), List.of());
    assertThat(taken.toCompletableFuture()).isNotDone();
    timers.get(0).run();
    assertThat(taken.toCompletableFuture()).isCompleted();
    assertThat(timers).isEmpty();
  }

  @Test
  void aWatcherThatThrowsKeepsNobodyWaiting() {
    directory.replace(List.of(service("storage", 1)));
    directory.watch(
        "storage",
        record -> {
          throw new IllegalStateException("a test's own");
        });
    directory.watch("storage", this::note);
    CompletionStage<Void> taken = directory.update(List.of(service("storage", 2)), List.of());
    assertThat(taken.toCompletableFuture()).isCompleted();
    assertThat(seen).containsExactly(1L, 2L);
  }

  @Test
  void aWatchThatIsClosedKeepsNobodyWaiting() {
    directory.replace(List.of(service("storage", 1)));
    ServiceDirectory.Watch watch = directory.watch("storage", record -> later(new ArrayList<>()));
    CompletionStage<Void> taken = directory.update(List.of(service("storage", 2)), List.of());
    assertThat(taken.toCompletableFuture()).isNotDone();
    watch.close();
    assertThat(taken.toCompletableFuture()).isCompleted();
  }

  private CompletionStage<Void> note(Optional<ServiceRecord> service) {
    seen.add(service.map(ServiceRecord::revision).orElse(-1L));
    return CompletableFuture.completedFuture(null);
  }

  private static CompletionStage<Void> later(List<CompletableFuture<Void>> answers) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  private static ServiceRecord service(String name, long revision) {
    return new ServiceRecord(
        name, revision, Availability.SERVING, CallPolicy.DEFAULT, Map.of(), List.of());
  }
}
