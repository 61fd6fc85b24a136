package blackhole.endpoint.thread;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs handlers, and may move bytes in between. While it does the latter it can't be
 * interrupted, because an interrupt closes the channel that a thread is reading or writing: service
 * code that interrupts a handler's thread too late would cut off other calls.
 */
final class CallThread extends FastThreadLocalThread {
  private @Nullable CallLoop loop; // of this thread alone
  private volatile @Nullable Turn turn;
  private boolean shielded; // guarded by this

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

  /** From now on interrupts are dropped, or taken again. */
  synchronized void setShielded(boolean shielded) {
    this.shielded = shielded;
    if (shielded) {
      boolean unused = Thread.interrupted();
    }
  }

  @Override
  public synchronized void interrupt() {
    if (!shielded) {
      super.interrupt();
    }
  }
}
