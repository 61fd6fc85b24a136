package blackhole.storage;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.storage.cid.Cid;
import blackhole.storage.v1.DeleteRequest;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.GetResponse;
import blackhole.storage.v1.StorageGrpc;
import blackhole.testkit.Await;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that are far larger than what may be in memory for them. */
@Timeout(180)
class LargeBlobTest {
  private static final int MEGABYTE = 1 << 20;

  /** HTTP/2's window, both sockets' buffers, and the chunks on the way into them. */
  private static final long MOST_READ_AHEAD = 8 * MEGABYTE;

  @TempDir Path data;
  private RunningStorage storage;

  @BeforeEach
  void start() throws IOException {
    storage = new RunningStorage(data, TestConfig.with());
  }

  @AfterEach
  void stop() throws Exception {
    storage.close();
  }

  /** Whether this process has the file open, also when it has no name any more. */
  private static boolean isOpen(Path file) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.anyMatch(fd -> pointsTo(fd, file));
    }
  }

  private static boolean pointsTo(Path fd, Path file) {
    try {
      return Files.readSymbolicLink(fd).toString().startsWith(file.toString());
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }

  private Path blobFile() throws IOException {
    try (Stream<Path> walk = Files.walk(data.resolve("blobs"))) {
      return walk.filter(Files::isRegularFile).findFirst().orElseThrow().toRealPath();
    }
  }

  @Test
  void goThereAndBack() {
    String expected = Bytes.cid(Bytes.pieces(1, 40));
    assertThat(PutCall.put(storage.channel, Bytes.pieces(1, 40)).getCid()).isEqualTo(expected);
    MessageDigest digest = Cid.newDigest();
    storage
        .stub()
        .get(GetRequest.newBuilder().setCid(expected).build())
        .forEachRemaining(message -> digest.update(message.getChunk().toByteArray()));
    assertThat(Cid.of(digest.digest())).hasToString(expected);
  }

  /** Takes messages one by one, when asked to. */
  private static final class SlowReader extends ClientCall.Listener<GetResponse> {
    final AtomicLong received = new AtomicLong();
    final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onMessage(GetResponse message) {
      received.addAndGet(message.getChunk().size());
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }
  }

  @Test
  void areNotReadAheadOfASlowReader() throws Exception {
    String cid = PutCall.put(storage.channel, Bytes.pieces(2, 64)).getCid();
    Path file = blobFile();
    ClientCall<GetRequest, GetResponse> call =
        storage.channel.newCall(StorageGrpc.getGetMethod(), CallOptions.DEFAULT);
    SlowReader reader = new SlowReader();
    call.start(reader, new Metadata());
    call.sendMessage(GetRequest.newBuilder().setCid(cid).build());
    call.halfClose();
    call.request(1);
    Await.until("the first message", () -> reader.received.get() > 0);

    // others are served meanwhile, and the blob may even be deleted
    String other = PutCall.put(storage.channel, new byte[] {1, 2, 3}).getCid();
    Iterator<GetResponse> answer =
        storage.stub().get(GetRequest.newBuilder().setCid(other).build());
    assertThat(answer.next().getChunk()).isEqualTo(ByteString.copyFrom(new byte[] {1, 2, 3}));
    assertThat(storage.stub().delete(DeleteRequest.newBuilder().setCid(cid).build()).getExisted())
        .isTrue();

    // what is not read yet is zeroed: a server that had read it could still send it
    zero(file, reader.received.get() + MOST_READ_AHEAD);
    call.request(Integer.MAX_VALUE);
    Status end = reader.end.get(60, TimeUnit.SECONDS);
    assertThat(end.getCode()).isEqualTo(Status.Code.DATA_LOSS);
    assertThat(reader.received).hasValueGreaterThan(60L * MEGABYTE);
    Await.until("the file is closed", () -> !isOpen(file));
  }

  /** Through the open file itself, as it has no name any more. */
  private static void zero(Path file, long from) throws IOException {
    Path open;
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      open = fds.filter(fd -> pointsTo(fd, file)).findFirst().orElseThrow();
    }
    try (FileChannel channel = FileChannel.open(open, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1024), from);
    }
  }

  @Test
  void areClosedWhenTheReaderGoes() throws Exception {
    String cid = PutCall.put(storage.channel, Bytes.pieces(3, 20)).getCid();
    Path file = blobFile();
    ClientCall<GetRequest, GetResponse> call =
        storage.channel.newCall(StorageGrpc.getGetMethod(), CallOptions.DEFAULT);
    SlowReader reader = new SlowReader();
    call.start(reader, new Metadata());
    call.sendMessage(GetRequest.newBuilder().setCid(cid).build());
    call.halfClose();
    call.request(1);
    Await.until("the first message", () -> reader.received.get() > 0);
    assertThat(isOpen(file)).isTrue();
    call.cancel("enough", null);
    Await.until("the file is closed", () -> !isOpen(file));
  }
}
