package blackhole.endpoint.thread;

import org.jspecify.annotations.Nullable;

/** A thread that runs handlers, and may move bytes in between. */
final class CallThread extends Thread {
  private @Nullable CallLoop loop; // of this thread alone
  private volatile @Nullable Turn turn;

  CallThread(Runnable task, String name) {
    super(task, name);
    setDaemon(true);
  }

  /** The loop that the current thread leads, or whose turns it runs. */
  static @Nullable CallLoop currentLoop() {
    return Thread.currentThread() instanceof CallThread current ? current.loop : null;
  }

  void setLoop(@Nullable CallLoop loop) {
    this.loop = loop;
  }

  /** The turn that it runs for its loop, if any. */
  @Nullable Turn turn() {
    return turn;
  }

  void setTurn(@Nullable Turn turn) {
    this.turn = turn;
  }
}
