package blackhole.events;

import blackhole.events.v1.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own with the stream in a directory, which publishes until it is killed. */
final class PublishingProcess {
  private static final int THREADS = 4;

  private PublishingProcess() {}

  /** Prints each event as it is acknowledged: its position, and its id. */
  public static void main(String[] arguments) throws Exception {
    try (RunningEvents events =
        new RunningEvents(Path.of(arguments[0]), TestConfig.with("segmentSize", 16_384L))) {
      System.out.println("ready");
      System.in.read(); // until the test says go
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String prefix = arguments[1] + "-" + i + "-";
        Thread thread = new Thread(() -> publishForEver(events, prefix));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void publishForEver(RunningEvents events, String prefix) {
    for (int i = 0; true; i++) {
      String id = prefix + i;
      long position =
          events.publish(
              Event.newBuilder()
                  .setId(id)
                  .setSource("x".repeat(i % 150 + 1))
                  .setType("test.event")
                  .build());
      System.out.println(position + " " + id + " published");
    }
  }
}
