package blackhole.ledger;

import blackhole.ledger.v1.AppendRequest;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A process of its own that serves the data it is given, and calls itself; see the modes. */
final class LedgerProcess {
  private LedgerProcess() {}

  /**
   * @param arguments the mode, the data directory, and a number
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[1]);
    try (RunningLedger ledger = new RunningLedger(data, TestConfig.with())) {
      System.out.println("ready");
      System.in.read(); // until the test says go
      int number = Integer.parseInt(arguments[2]);
      switch (arguments[0]) {
        case "append" -> appendForEver(ledger, number);
        case "fill" -> fill(ledger, number);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  private static long append(RunningLedger ledger, String key, byte[] content) {
    return ledger
        .stub()
        .append(
            AppendRequest.newBuilder()
                .setAccount("a")
                .setType("t")
                .setKey(key)
                .setData(ByteString.copyFrom(content))
                .build())
        .getEntry()
        .getIndex();
  }

  /** Appends from several threads, and prints each entry and its key as it is acknowledged. */
  private static void appendForEver(RunningLedger ledger, int round) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prefix = round + "-" + i + "-";
      Random random = new Random(round * 4L + i);
      Thread thread =
          new Thread(
              () -> {
                for (int number = 0; ; number++) {
                  String key = prefix + number;
                  byte[] content = new byte[random.nextInt(5000)];
                  random.nextBytes(content);
                  System.out.println("entry " + append(ledger, key, content) + " " + key);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Appends entries of so many bytes until one fails, and then a small one. */
  private static void fill(RunningLedger ledger, int size) {
    long appended = 0;
    try {
      for (; appended < 10_000; appended++) {
        long unused = append(ledger, "k" + appended, new byte[size]);
      }
    } catch (StatusRuntimeException e) {
      System.out.println(e.getMessage());
    }
    System.out.println(ledger.core.store().state().size() == appended ? "none more" : "more");
    System.out.println(ledger.core.store().problem().orElse("no problem"));
    System.out.println("small " + (append(ledger, "small", new byte[0]) == appended));
  }
}
