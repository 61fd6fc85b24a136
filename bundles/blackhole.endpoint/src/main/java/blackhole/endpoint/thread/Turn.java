package blackhole.endpoint.thread;

import java.lang.System.Logger.Level;

/** A piece of a call's work that is to be run, and the pace of the method that it belongs to. */
record Turn(Runnable task, Pace pace) {
  private static final System.Logger LOG = System.getLogger(Turn.class.getName());

  /** Runs it; what it throws is logged and goes no further, so that others have their turn. */
  void run() {
    try {
      task.run();
    } catch (Throwable t) {
      LOG.log(Level.ERROR, "a call's task failed", t);
    } finally {
      // an interrupt was meant for this task, if for any: the next must not find it
      boolean unused = Thread.interrupted();
    }
  }

  /** Runs it where nobody waits for it, and learns from it. */
  void runTimed() {
    long startNanos = System.nanoTime();
    run();
    pace.took(System.nanoTime() - startNanos);
  }
}
