package blackhole.orchestrator.supervision;

import java.time.Duration;

/** Something that a decision wants done. */
sealed interface Action {
  void perform(Performer performer);

  /** Carries actions out. */
  interface Performer {
    void launch();

    void drain(Duration timeout);

    void terminate();

    void kill();

    void setTimer(Duration delay);

    void countRestart();

    void recordExit(ExitCause cause, boolean failure);

    void warn(String words);
  }

  /** Start a process: the next generation. */
  record Launch() implements Action {
    @Override
    public void perform(Performer performer) {
      performer.launch();
    }
  }

  /** Ask the host to drain and exit. */
  record Drain(Duration timeout) implements Action {
    @Override
    public void perform(Performer performer) {
      performer.drain(timeout);
    }
  }

  /** SIGTERM. */
  record Terminate() implements Action {
    @Override
    public void perform(Performer performer) {
      performer.terminate();
    }
  }

  /** SIGKILL. */
  record Kill() implements Action {
    @Override
    public void perform(Performer performer) {
      performer.kill();
    }
  }

  /**
   * Fire the timer after this time. There is one, and it belongs to the kind of state that set it:
   * setting it again replaces it, going on to another kind of state cancels it.
   */
  record SetTimer(Duration delay) implements Action {
    @Override
    public void perform(Performer performer) {
      performer.setTimer(delay);
    }
  }

  /** It is started again, and nobody asked. */
  record CountRestart() implements Action {
    @Override
    public void perform(Performer performer) {
      performer.countRestart();
    }
  }

  /**
   * Its process has ended so.
   *
   * @param failure whether nobody had asked for it
   */
  record RecordExit(ExitCause cause, boolean failure) implements Action {
    @Override
    public void perform(Performer performer) {
      performer.recordExit(cause, failure);
    }
  }

  /** An operator should know this. */
  record Warn(String words) implements Action {
    @Override
    public void perform(Performer performer) {
      performer.warn(words);
    }
  }
}
