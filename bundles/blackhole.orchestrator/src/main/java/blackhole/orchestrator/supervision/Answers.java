package blackhole.orchestrator.supervision;

import blackhole.api.supervision.SupervisionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gets the answers of commands, and puts those of several instances together. */
final class Answers {
  private Answers() {}

  /** Waits for all; fails with all lines when one fails. */
  static CompletionStage<List<String>> all(List<CompletableFuture<String>> answers) {
    return lines(answers)
        .thenCompose(
            lines ->
                answers.stream().anyMatch(CompletableFuture::isCompletedExceptionally)
                    ? CompletableFuture.failedFuture(
                        new SupervisionException(String.join("; ", lines)))
                    : CompletableFuture.completedFuture(lines));
  }

  /** Waits for all; a failure is a line like any other. */
  static CompletionStage<List<String>> lines(List<CompletableFuture<String>> answers) {
    List<CompletableFuture<String>> settled =
        answers.stream().map(answer -> answer.exceptionally(Answers::words)).toList();
    return CompletableFuture.allOf(settled.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> settled.stream().map(CompletableFuture::join).toList());
  }

  /** One after the other, up to the first failure. */
  static <T> CompletionStage<List<String>> inTurn(
      List<T> items, Function<T, CompletionStage<String>> command) {
    CompletionStage<List<String>> turn = CompletableFuture.completedFuture(List.of());
    for (T item : items) {
      turn =
          turn.thenCompose(
              lines ->
                  command
                      .apply(item)
                      .thenApply(line -> append(lines, line))
                      .exceptionallyCompose(problem -> stopped(lines, problem)));
    }
    return turn;
  }

  /** Hands a command to the serial context. Its answer comes as a future of the caller's own. */
  static <T> CompletionStage<T> inContext(
      SerialContext context, Supplier<CompletionStage<T>> command) {
    CompletableFuture<Supplier<CompletionStage<T>>> turn = new CompletableFuture<>();
    CompletionStage<T> result = turn.thenCompose(Supplier::get);
    CompletableFuture<T> answer = new CompletableFuture<>();
    result.whenComplete(
        (value, problem) -> {
          if (problem == null) {
            answer.complete(value);
          } else {
            answer.completeExceptionally(cause(problem));
          }
        });
    try {
      context.execute(() -> turn.complete(command));
    } catch (RejectedExecutionException e) {
      turn.completeExceptionally(new SupervisionException("the node has stopped"));
    }
    return answer;
  }

  private static CompletionStage<List<String>> stopped(List<String> lines, Throwable problem) {
    String all = String.join("; ", append(lines, words(problem)));
    return CompletableFuture.failedFuture(new SupervisionException(all));
  }

  private static List<String> append(List<String> lines, String line) {
    List<String> longer = new ArrayList<>(lines);
    longer.add(line);
    return List.copyOf(longer);
  }

  private static String words(Throwable problem) {
    return String.valueOf(cause(problem).getMessage());
  }

  /** What went wrong, without the wrapping that stages put around it. */
  static Throwable cause(Throwable problem) {
    return problem instanceof CompletionException && problem.getCause() != null
        ? cause(problem.getCause())
        : problem;
  }
}
