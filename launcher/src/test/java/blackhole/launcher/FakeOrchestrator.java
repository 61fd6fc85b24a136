package blackhole.launcher;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the guardian sees of an orchestrator: says that it is up, with its PID, and ends on SIGTERM.
 * {@code FAKE_EXIT} ends it at once with that code; {@code FAKE_SLOW} makes it need a second
 * SIGTERM, and end with 1; {@code FAKE_SHELL} makes it serve the real shell.
 */
public final class FakeOrchestrator {
  private FakeOrchestrator() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    String exit = System.getenv("FAKE_EXIT");
    if (exit != null) {
      System.out.println("exits with " + exit);
      System.exit(Integer.parseInt(exit));
    }
    boolean slow = System.getenv("FAKE_SLOW") != null;
    CountDownLatch end = new CountDownLatch(slow ? 2 : 1);
    AtomicInteger signals = new AtomicInteger();
    Signals.on(
        "TERM",
        () -> {
          System.out.println("asked to end: " + signals.incrementAndGet());
          end.countDown();
        });
    if (System.getenv("FAKE_SHELL") != null) {
      FakeNode.serve(Path.of(args[0]));
    }
    System.out.println("up: " + ProcessHandle.current().pid() + " only=" + args[1]);
    int first = System.in.read();
    System.out.println("stdin " + first);
    // for who is left behind by all that should end it
    boolean unused = end.await(10, TimeUnit.MINUTES);
    System.exit(slow ? 1 : 0);
  }
}
