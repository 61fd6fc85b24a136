package blackhole.orchestrator.supervision;

import java.time.Duration;
import java.util.Optional;

/** What follows when an instance's process ended and nobody had asked it to. */
sealed interface RestartDecision {
  RestartHistory history();

  /** Something about the history that an operator should know, though it changes nothing. */
  Optional<String> warning();

  /**
   * Start it again.
   *
   * @param delay zero: at once
   */
  record Restart(Duration delay, RestartHistory history, Optional<String> warning)
      implements RestartDecision {}

  /** Leave it down. */
  record GiveUp(String reason, RestartHistory history) implements RestartDecision {
    @Override
    public Optional<String> warning() {
      return Optional.empty();
    }
  }
}
