package blackhole.bench.echo;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;

/** What makes a host a bad neighbour. Loaded only where a configuration asks for it. */
final class Neighbour {
  private static final int SPINNING_THREADS = 4;

  private Neighbour() {}

  /**
   * Begins at once, and never ends.
   *
   * @param fault {@code spin}, {@code leak} or {@code exit}
   */
  static void commit(String fault) {
    switch (fault) {
      case "spin" -> {
        for (int i = 0; i < SPINNING_THREADS; i++) {
          start(Neighbour::spin);
        }
      }
      case "leak" -> start(Neighbour::leak);
      case "exit" -> Runtime.getRuntime().halt(1);
      default -> throw new IllegalArgumentException("no such fault: " + fault);
    }
  }

  private static void start(Runnable fault) {
    Thread thread = new Thread(fault, "fault");
    thread.setDaemon(true);
    thread.start();
  }

  private static void spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  /** Takes memory beside the heap until the kernel ends it; each Deflater has about 256 KB. */
  private static void leak() {
    List<Deflater> hoard = new ArrayList<>();
    byte[] some = new byte[1 << 16];
    while (true) {
      Deflater deflater = new Deflater();
      deflater.setInput(some);
      if (deflater.deflate(new byte[1 << 10]) >= 0) {
        hoard.add(deflater);
      }
    }
  }
}
