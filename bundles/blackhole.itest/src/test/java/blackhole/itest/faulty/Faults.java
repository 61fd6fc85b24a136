package blackhole.itest.faulty;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;

/** The faults by name, and what each answers if it comes so far. */
final class Faults {
  private static final List<FileInputStream> OPEN = new ArrayList<>();

  private Faults() {}

  static String commit(String fault) throws IOException, InterruptedException {
    String[] words = fault.split(" ");
    switch (words[0]) {
      case "exit" -> System.exit(Integer.parseInt(words[1]));
      case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(words[1]));
      case "signal" -> signal(words[1]);
      case "exhaust-heap" -> exhaustHeap();
      case "exhaust-metaspace" -> exhaustMetaspace();
      case "exhaust-direct" -> exhaustDirect();
      case "exhaust-files" -> exhaustFiles();
      case "exhaust-threads" -> exhaustThreads();
      case "leak-native" -> leakNative();
      case "spin" -> spin(Integer.parseInt(words[1]));
      case "flap" -> Moods.swing();
      case "flood" -> flood(Integer.parseInt(words[1]));
      case "replace-output" -> System.setOut(new PrintStream(new Broken(), true));
      case "hang-on-exit" -> Runtime.getRuntime().addShutdownHook(new Thread(Faults::hang));
      case "start-child" -> {
        return Long.toString(new ProcessBuilder("sleep", "1000").start().pid());
      }
      default -> throw new IllegalArgumentException("no such fault: " + fault);
    }
    return "done";
  }

  private static void signal(String name) throws IOException, InterruptedException {
    String self = Long.toString(ProcessHandle.current().pid());
    new ProcessBuilder("kill", "-" + name, self).start().waitFor();
  }

  /** On a thread of a pool, which swallows the error. */
  private static void exhaustHeap() {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    Future<?> unused =
        pool.submit(
            () -> {
              List<long[]> hoard = new ArrayList<>();
              while (true) {
                hoard.add(new long[1 << 17]);
              }
            });
  }

  /** By the same class in ever more class loaders. */
  private static void exhaustMetaspace() throws IOException {
    List<Loader> hoard = new ArrayList<>();
    try (InputStream in = Faults.class.getResourceAsStream("Faults.class")) {
      byte[] bytes = in.readAllBytes();
      while (true) {
        hoard.add(new Loader(bytes));
      }
    }
  }

  private static final class Loader extends ClassLoader {
    Loader(byte[] bytes) {
      super(null);
      defineClass(Faults.class.getName(), bytes, 0, bytes.length);
    }
  }

  /** On the thread of the call, which the JVM leaves to us: it minds the heap only. */
  private static void exhaustDirect() {
    List<ByteBuffer> hoard = new ArrayList<>();
    while (true) {
      hoard.add(ByteBuffer.allocateDirect(1 << 20));
    }
  }

  /** Answers, and keeps them. */
  private static void exhaustFiles() {
    try {
      while (true) {
        OPEN.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      // there are no more
    }
  }

  private static void exhaustThreads() {
    while (true) {
      Thread thread = new Thread(Faults::hang);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Beside the heap, by what no limit of the JVM covers: zlib's own memory. */
  private static void leakNative() {
    List<Deflater> hoard = new ArrayList<>();
    byte[] some = new byte[1 << 16];
    while (true) {
      Deflater deflater = new Deflater();
      deflater.setInput(some);
      deflater.deflate(new byte[1 << 10]);
      hoard.add(deflater);
    }
  }

  /** Takes all the CPU time that it is given, from now on. */
  private static void spin(int threads) {
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (true) {
                  Thread.onSpinWait();
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void flood(int megabytes) {
    byte[] chunk = new byte[1 << 20];
    Arrays.fill(chunk, "x".getBytes(StandardCharsets.US_ASCII)[0]);
    for (int i = 0; i < megabytes; i++) {
      System.out.write(chunk, 0, chunk.length);
    }
    System.out.flush();
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Broken extends OutputStream {
    @Override
    public void write(int b) {
      throw new IllegalStateException("System.out was replaced");
    }
  }
}
