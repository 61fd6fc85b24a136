package blackhole.storage;

import blackhole.storage.call.Call;
import blackhole.storage.cid.Cid;
import blackhole.storage.store.BlobReader;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.PutResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A process of its own that serves the data it is given, and calls itself; see the modes. */
final class StorageProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private StorageProcess() {}

  /**
   * @param arguments the mode, the data directory, and a number
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[1]);
    try (RunningStorage storage = new RunningStorage(data, TestConfig.with())) {
      System.out.println("ready");
      System.in.read(); // until the test says go
      int number = Integer.parseInt(arguments[2]);
      switch (arguments[0]) {
        case "put" -> putForEver(storage, number);
        case "share" -> share(storage, number);
        case "large" -> large(storage, number);
        case "fill" -> fill(storage, data, number);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  /** Puts blobs of all sizes from several threads, and prints each CID as it is acknowledged. */
  private static void putForEver(RunningStorage storage, int seed) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Random random = new Random(seed * 4L + i);
      Thread thread =
          new Thread(
              () -> {
                while (true) {
                  byte[] first = Bytes.random(random.nextLong(), random.nextInt(200_000));
                  PutCall call = new PutCall(storage.channel);
                  call.send(first);
                  call.send(Bytes.random(random.nextLong(), random.nextInt(200_000)));
                  System.out.println(call.complete().getCid());
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Puts, reads and deletes what other processes put, read and delete too. */
  private static void share(RunningStorage storage, int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 75; i++) {
      byte[] content = Bytes.random(random.nextInt(4), 300_000);
      String cid = PutCall.put(storage.channel, content).getCid();
      try {
        String read = read(storage, cid);
        if (!read.equals(cid)) {
          throw new IllegalStateException(read + " was read as " + cid);
        }
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
          throw e;
        }
      }
      if (random.nextInt(3) == 0) {
        storage.core.store().delete(Cid.parse(cid), Call.within(PATIENCE));
      }
    }
    System.out.println("done");
  }

  private static String read(RunningStorage storage, String cid) {
    MessageDigest digest = Cid.newDigest();
    storage
        .stub()
        .get(GetRequest.newBuilder().setCid(cid).build())
        .forEachRemaining(message -> digest.update(message.getChunk().toByteArray()));
    return Cid.of(digest.digest()).text();
  }

  /** Puts a blob of so many megabytes, and reads it. */
  private static void large(RunningStorage storage, int megabytes) {
    String failure =
        failure(
            () -> {
              PutResponse stored = PutCall.put(storage.channel, Bytes.pieces(7, megabytes));
              System.out.println(stored.getSize() + " " + read(storage, stored.getCid()));
              return stored;
            });
    System.out.println(failure);
  }

  /** Puts one blob that does not fit, then blobs of so many bytes until none fits. */
  private static void fill(RunningStorage storage, Path data, int size) throws Exception {
    System.out.println(
        "large: " + failure(() -> PutCall.put(storage.channel, Bytes.pieces(1, 24))));
    List<String> stored = new ArrayList<>();
    String end = "fits";
    for (int i = 0; i < 1000 && end.equals("fits"); i++) {
      byte[] content = Bytes.random(i, size);
      end = failure(() -> stored.add(PutCall.put(storage.channel, content).getCid()));
    }
    System.out.println("small: " + (stored.isEmpty() ? "none was stored" : end));
    for (String cid : stored) {
      if (!read(storage, cid).equals(cid)) {
        throw new IllegalStateException(cid + " is not what was stored");
      }
    }
    System.out.println("left: " + (files(data, "tmp") + files(data, "blobs") - stored.size()));
    for (String cid : stored) {
      storage.core.store().delete(Cid.parse(cid), Call.within(PATIENCE));
    }
    System.out.println("left: " + files(data, "blobs"));
    System.out.println("again: " + failure(() -> PutCall.put(storage.channel, new byte[size])));
  }

  private interface Rpc {
    Object run();
  }

  private static String failure(Rpc rpc) {
    try {
      rpc.run();
      return "fits";
    } catch (StatusRuntimeException e) {
      return e.getMessage();
    }
  }

  private static long files(Path data, String folder) throws Exception {
    try (Stream<Path> walk = Files.walk(data.resolve(folder))) {
      return walk.filter(Files::isRegularFile).count();
    }
  }

  /** Reads a blob to its end, which checks it. */
  static void verify(StorageCore core, Cid cid) {
    Call call = Call.within(PATIENCE);
    try (BlobReader reader = core.store().read(cid, 0, Long.MAX_VALUE, call)) {
      do {
        byte[] unused = reader.next(64 << 10);
      } while (!reader.isAtEnd());
    }
  }
}
