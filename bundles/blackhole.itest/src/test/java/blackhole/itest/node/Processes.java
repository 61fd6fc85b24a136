package blackhole.itest.node;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;

/** Processes that tests have an eye on, by number. */
final class Processes {
  private Processes() {}

  static boolean lives(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  static void awaitGone(long pid) {
    Await.until("process " + pid + " is gone", TestNode.PATIENCE, () -> !lives(pid));
  }

  static void kill(long pid) {
    TestNode.signal(pid, "KILL");
    awaitGone(pid);
  }
}
