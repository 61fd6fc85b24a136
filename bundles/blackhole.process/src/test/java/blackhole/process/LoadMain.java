package blackhole.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program that says "up", waits for its input, takes memory, files and threads, and stays. */
final class LoadMain {
  static final int BYTES = 64 << 20;
  static final int FILES = 10;
  static final int THREADS = 20;

  private LoadMain() {}

  /**
   * @param args the pipe to say things to
   */
  public static void main(String[] args) throws Exception {
    // open all the time, so that it counts before and after
    OutputStream said = Files.newOutputStream(Path.of(args[0]));
    said.write("up\n".getBytes(StandardCharsets.UTF_8));
    System.in.read();
    List<Object> kept = new ArrayList<>();
    // arrays are cleared, which touches their pages
    kept.add(new byte[BYTES]);
    for (int i = 0; i < FILES; i++) {
      InputStream file = Files.newInputStream(Path.of("/dev/null"));
      kept.add(file);
    }
    CountDownLatch started = new CountDownLatch(THREADS);
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < THREADS; i++) {
      new Thread(
              () -> {
                started.countDown();
                try {
                  never.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              })
          .start();
    }
    started.await();
    said.write("loaded\n".getBytes(StandardCharsets.UTF_8));
    never.await();
    Reference.reachabilityFence(kept);
  }
}
