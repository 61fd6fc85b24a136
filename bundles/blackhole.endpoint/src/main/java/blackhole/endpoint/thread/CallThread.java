package blackhole.endpoint.thread;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs handlers, and may move bytes in between. While it does the latter it can't be
 * interrupted, because an interrupt closes the channel that a thread is reading or writing: service
 * code that interrupts its thread too late would cut off other calls.
 */
final class CallThread extends FastThreadLocalThread {
  private @Nullable CallLoop loop; // of this thread alone
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

  synchronized void shield(boolean on) {
    shielded = on;
    if (on) {
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
