package blackhole.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import blackhole.health.v1.HealthRequest;
import blackhole.storage.cid.Cid;
import blackhole.storage.v1.Blob;
import blackhole.storage.v1.DeleteRequest;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.GetResponse;
import blackhole.storage.v1.ListRequest;
import blackhole.storage.v1.ListResponse;
import blackhole.storage.v1.PutRequest;
import blackhole.storage.v1.PutResponse;
import blackhole.storage.v1.StatRequest;
import blackhole.storage.v1.StorageGrpc;
import blackhole.testkit.Await;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a Unix socket, as a caller sees it. */
@Timeout(180)
class StorageServiceTest {
  private static final String EMPTY = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
  private static final String HELLO = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";
  private static final int CHUNK = 16 << 10;

  @TempDir Path data;
  private RunningStorage storage;

  @BeforeEach
  void start() throws IOException {
    storage =
        new RunningStorage(
            data, TestConfig.with("chunkSize", (long) CHUNK, "maxBlobSize", 1L << 20));
  }

  @AfterEach
  void stop() throws Exception {
    storage.close();
  }

  private PutResponse put(String content) {
    return PutCall.put(storage.channel, content.getBytes(UTF_8));
  }

  private Iterator<GetResponse> get(String cid, long offset, long length) {
    return storage
        .stub()
        .get(GetRequest.newBuilder().setCid(cid).setOffset(offset).setLength(length).build());
  }

  private static byte[] bytes(Iterator<GetResponse> messages) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    messages.forEachRemaining(message -> bytes.writeBytes(message.getChunk().toByteArray()));
    return bytes.toByteArray();
  }

  private Blob stat(String cid) {
    return storage.stub().stat(StatRequest.newBuilder().setCid(cid).build()).getBlob();
  }

  private boolean delete(String cid) {
    return storage.stub().delete(DeleteRequest.newBuilder().setCid(cid).build()).getExisted();
  }

  private ListResponse list(int size, String token) {
    return storage
        .stub()
        .list(ListRequest.newBuilder().setPageSize(size).setPageToken(token).build());
  }

  private List<Path> files(String folder) throws IOException {
    try (Stream<Path> walk = Files.walk(data.resolve(folder))) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  /** Not by a walk, which fails if a file goes while it looks. */
  private long uploads() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("tmp"))) {
      return files.count();
    }
  }

  private static void assertFails(
      Runnable rpc, Status.Code code, String reason, String message, String... fields) {
    assertThatThrownBy(rpc::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(message);
              assertThat(RpcStatus.reasonOf(e)).hasValue(reason);
              assertThat(fields(e)).containsExactly(fields);
            });
  }

  private static List<String> fields(StatusRuntimeException failure) {
    try {
      for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
        if (detail.is(BadRequest.class)) {
          return detail.unpack(BadRequest.class).getFieldViolationsList().stream()
              .map(BadRequest.FieldViolation::getField)
              .toList();
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return List.of();
  }

  @Test
  void goesTheWholeWay() {
    PutResponse hello = put("hello");
    assertThat(hello).isEqualTo(PutResponse.newBuilder().setCid(HELLO).setSize(5).build());
    assertThat(put("hello").getAlreadyStored()).isTrue();
    GetResponse only = get(HELLO, 0, 0).next();
    assertThat(only.getChunk().toStringUtf8()).isEqualTo("hello");
    assertThat(only.getBlob()).isEqualTo(stat(HELLO));
    assertThat(stat(HELLO).getSize()).isEqualTo(5);
    assertThat(stat(HELLO).getStoredAt()).isPositive();
    assertThat(stat(HELLO).getDamage()).isEmpty();
    assertThat(delete(HELLO)).isTrue();
    assertThat(delete(HELLO)).isFalse();
    assertThat(new StorageMetrics(storage.core).metrics())
        .containsEntry("blobs_stored_total", 1.0)
        .containsEntry("blobs_repeated_total", 1.0)
        .containsEntry("stored_bytes_total", 5.0)
        .containsEntry("read_bytes_total", 5.0)
        .containsEntry("blobs_deleted_total", 1.0)
        .containsEntry("blobs_damaged_total", 0.0);
    assertFails(
        () -> stat(HELLO), Status.Code.NOT_FOUND, "BLOB_NOT_FOUND", "there is no blob " + HELLO);
    assertFails(() -> bytes(get(HELLO, 0, 0)), Status.Code.NOT_FOUND, "BLOB_NOT_FOUND", "no blob");
  }

  @Test
  void keepsTheBlobOfNoBytes() {
    assertThat(put("").getCid()).isEqualTo(EMPTY);
    Iterator<GetResponse> answer = get(EMPTY, 0, 0);
    GetResponse only = answer.next();
    assertThat(only.getBlob().getCid()).isEqualTo(EMPTY);
    assertThat(only.getChunk()).isEmpty();
    assertThat(answer.hasNext()).isFalse();
  }

  @Test
  void joinsMessagesAndSendsChunks() {
    byte[] content = Bytes.random(1, 5 * CHUNK + 1);
    PutCall call = new PutCall(storage.channel);
    for (int i = 0; i < content.length; i += 10_000) {
      call.send(Arrays.copyOfRange(content, i, Math.min(content.length, i + 10_000)));
    }
    String cid = call.complete().getCid();
    assertThat(cid).isEqualTo(Bytes.cid(content));
    List<GetResponse> messages = new ArrayList<>();
    get(cid, 0, 0).forEachRemaining(messages::add);
    assertThat(messages).hasSize(6);
    assertThat(messages).filteredOn(GetResponse::hasBlob).containsExactly(messages.get(0));
    assertThat(messages.get(0).getBlob().getSize()).isEqualTo(content.length);
    assertThat(bytes(messages.iterator())).isEqualTo(content);
  }

  @Test
  void givesRanges() {
    byte[] content = Bytes.random(2, 3 * CHUNK);
    String cid = PutCall.put(storage.channel, content).getCid();
    long end = content.length;
    for (long[] range :
        new long[][] {{0, 1}, {1, CHUNK}, {CHUNK - 1, 2 * CHUNK}, {end - 1, 5}, {end, 0}, {7, 0}}) {
      int from = (int) range[0];
      int to = range[1] == 0 ? content.length : (int) Math.min(end, range[0] + range[1]);
      assertThat(bytes(get(cid, range[0], range[1])))
          .as(Arrays.toString(range))
          .isEqualTo(Arrays.copyOfRange(content, from, to));
    }
    assertThat(get(cid, 5, 1).next().getBlob().getSize()).isEqualTo(end);
    assertFails(
        () -> bytes(get(cid, end + 1, 0)), Status.Code.OUT_OF_RANGE, "RANGE_PAST_END", "offset is");
    assertFails(
        () -> bytes(get(cid, -1, 0)),
        Status.Code.INVALID_ARGUMENT,
        "INVALID_REQUEST",
        "offset must not be negative",
        "offset");
    assertFails(
        () -> bytes(get("", -1, -1)),
        Status.Code.INVALID_ARGUMENT,
        "INVALID_REQUEST",
        "cid is empty: a CID is needed; offset must not be negative; length must not be negative",
        "cid",
        "offset",
        "length");
  }

  @Test
  void refusesWhatIsNoCid() {
    for (String bad : new String[] {"", "hello", "../../x"}) {
      assertFails(() -> stat(bad), Status.Code.INVALID_ARGUMENT, "INVALID_CID", "CID", "cid");
      assertFails(() -> delete(bad), Status.Code.INVALID_ARGUMENT, "INVALID_CID", "CID", "cid");
      assertFails(
          () -> bytes(get(bad, 0, 0)), Status.Code.INVALID_ARGUMENT, "INVALID_CID", "CID", "cid");
    }
    assertFails(
        () -> PutCall.put(storage.channel, "Qm", new byte[1]),
        Status.Code.INVALID_ARGUMENT,
        "INVALID_CID",
        "'Qm'",
        "expected_cid");
  }

  @Test
  void storesNothingThatIsNotWhatWasAnnounced() throws IOException {
    assertThat(PutCall.put(storage.channel, HELLO, "hello".getBytes(UTF_8)).getCid())
        .isEqualTo(HELLO);
    assertThat(delete(HELLO)).isTrue();
    assertFails(
        () -> PutCall.put(storage.channel, HELLO, "hell".getBytes(UTF_8)),
        Status.Code.INVALID_ARGUMENT,
        "CID_MISMATCH",
        "not " + HELLO,
        "expected_cid");
    PutCall late = new PutCall(storage.channel);
    late.send("hel".getBytes(UTF_8));
    late.send(
        PutRequest.newBuilder()
            .setExpectedCid(HELLO)
            .setChunk(ByteString.copyFromUtf8("lo"))
            .build());
    assertFails(
        late::complete,
        Status.Code.INVALID_ARGUMENT,
        "INVALID_REQUEST",
        "the first message",
        "expected_cid");
    assertFails(
        () -> new PutCall(storage.channel).complete(),
        Status.Code.INVALID_ARGUMENT,
        "INVALID_REQUEST",
        "nothing was sent",
        "chunk");
    assertThat(files("tmp")).isEmpty();
    assertThat(files("blobs")).isEmpty();
  }

  @Test
  void refusesABlobThatIsTooLarge() throws IOException {
    assertThat(PutCall.put(storage.channel, Bytes.pieces(3, 1)).getSize()).isEqualTo(1 << 20);
    assertFails(
        () -> PutCall.put(storage.channel, Bytes.pieces(3, 3)),
        Status.Code.INVALID_ARGUMENT,
        "BLOB_TOO_LARGE",
        "larger than 1048576 bytes",
        "chunk");
    assertThat(files("tmp")).isEmpty();
    assertThat(files("blobs")).hasSize(1);
  }

  @Test
  void leavesNothingOfAPutThatIsCancelled() throws Exception {
    PutCall call = new PutCall(storage.channel);
    call.send(new byte[1000]);
    Await.until("its file is there", () -> uploads() == 1);
    call.cancel();
    Await.until("its file is gone", () -> uploads() == 0);
    assertThat(list(0, "").getBlobsList()).isEmpty();
  }

  @Test
  void leavesNothingOfAPutWhoseDeadlinePasses() throws Exception {
    PutCall call =
        new PutCall(
            storage.channel, CallOptions.DEFAULT.withDeadlineAfter(1500, TimeUnit.MILLISECONDS));
    call.send(new byte[1000]);
    assertThatThrownBy(call::await)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    Await.until("its file is gone", () -> uploads() == 0);
    assertThat(list(0, "").getBlobsList()).isEmpty();
  }

  @Test
  void endsDamagedBlobsWithDataLoss() throws Exception {
    byte[] content = Bytes.random(4, 3 * CHUNK);
    String cid = PutCall.put(storage.channel, content).getCid();
    Path file = files("blobs").get(0);
    byte[] flipped = content.clone();
    flipped[100] ^= 1;
    Files.write(file, flipped);

    // the range is as long as it was, and nobody has noticed yet
    assertThat(bytes(get(cid, CHUNK, CHUNK)))
        .isEqualTo(Arrays.copyOfRange(content, CHUNK, 2 * CHUNK));
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    assertFails(
        () -> get(cid, 0, 0).forEachRemaining(m -> received.writeBytes(m.getChunk().toByteArray())),
        Status.Code.DATA_LOSS,
        "BLOB_DAMAGED",
        "its bytes are not those of its CID any more");
    assertThat(received.size()).isEqualTo(2 * CHUNK);

    assertThat(stat(cid).getDamage()).contains("not those of its CID");
    assertThat(list(0, "").getBlobs(0).getDamage()).isNotEmpty();
    assertFails(
        () -> bytes(get(cid, CHUNK, CHUNK)), Status.Code.DATA_LOSS, "BLOB_DAMAGED", "is damaged");
    StoreHealthCheck check = new StoreHealthCheck(storage.core);
    awaitHealth(check, HealthResult.degraded("1 blob is damaged"));

    assertThat(PutCall.put(storage.channel, content).getAlreadyStored()).isFalse();
    assertThat(bytes(get(cid, 0, 0))).isEqualTo(content);
    awaitHealth(check, HealthResult.healthy());
  }

  /** Asks again, because a busy disk may need longer than one check waits for it. */
  private static void awaitHealth(StoreHealthCheck check, HealthResult expected) throws Exception {
    Await.until("it is " + expected, () -> check.check().equals(expected));
  }

  @Test
  void listsInPages() {
    Set<String> stored = new TreeSet<>();
    for (int i = 0; i < 7; i++) {
      stored.add(put("blob " + i).getCid());
    }
    List<String> listed = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      ListResponse page = list(3, token);
      page.getBlobsList().forEach(blob -> listed.add(blob.getCid()));
      token = page.getNextPageToken();
      pages++;
    } while (!token.isEmpty());
    assertThat(pages).isEqualTo(3);
    assertThat(listed).containsExactlyElementsOf(stored);
    assertThat(list(7, "").getNextPageToken()).isEmpty();
    assertThat(list(0, "").getBlobsCount()).isEqualTo(7);
    assertFails(
        () -> list(-1, ""),
        Status.Code.INVALID_ARGUMENT,
        "INVALID_REQUEST",
        "page_size",
        "page_size");
    assertFails(
        () -> list(1, "x"),
        Status.Code.INVALID_ARGUMENT,
        "INVALID_REQUEST",
        "page_token",
        "page_token");
  }

  @Test
  void listsWhatStaysExactlyOnceWhileOthersComeAndGo() {
    Set<String> stay = new HashSet<>();
    List<String> go = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      stay.add(put("stays " + i).getCid());
      go.add(put("goes " + i).getCid());
    }
    List<String> listed = new ArrayList<>();
    String token = "";
    int round = 0;
    do {
      ListResponse page = list(4, token);
      page.getBlobsList().forEach(blob -> listed.add(blob.getCid()));
      token = page.getNextPageToken();
      // some before and some behind where the listing is; the token's own blob, too
      delete(go.get(round));
      delete(go.get(19 - round));
      if (!stay.contains(token) && !token.isEmpty()) {
        delete(token);
      }
      put("comes " + round);
      put("also comes " + round);
      round++;
    } while (!token.isEmpty());
    assertThat(listed).doesNotHaveDuplicates().containsAll(stay);
  }

  @Test
  void endsAListAtTheLargestPage() {
    Cid nothing = Cid.parse(EMPTY);
    assertThat(list(Integer.MAX_VALUE, "").getBlobsList()).isEmpty();
    assertThat(list(1, nothing.text()).getBlobsList()).isEmpty();
  }

  @Test
  void reportsTheHostsHealth() {
    storage.report =
        new HealthReport(
            HealthStatus.DEGRADED, "slow", Duration.ofSeconds(61), Map.of("threads", 9.0));
    for (String name : new String[] {"", "storage", "blackhole.storage.v1.Storage"}) {
      var answer = storage.stub().health(HealthRequest.newBuilder().setService(name).build());
      assertThat(answer.getStatus()).isEqualTo("degraded");
      assertThat(answer.getMessage()).isEqualTo("slow");
      assertThat(answer.getUptimeSeconds()).isEqualTo(61);
      assertThat(answer.getMetricsMap()).containsEntry("threads", 9.0);
    }
    assertThatThrownBy(
            () -> storage.stub().health(HealthRequest.newBuilder().setService("x").build()))
        .hasMessageContaining("NOT_FOUND: no service 'x' here, only 'storage'");
  }

  @Test
  void isUnhealthyAndUnavailableWhenStopped() throws Exception {
    StoreHealthCheck check = new StoreHealthCheck(storage.core);
    awaitHealth(check, HealthResult.healthy());
    storage.core.close();
    assertThat(check.check().status()).isEqualTo(HealthStatus.UNHEALTHY);
    assertThat(check.check().message()).isNotBlank();
    assertFails(() -> put("late"), Status.Code.UNAVAILABLE, "STORE_UNAVAILABLE", "is stopping");
    assertFails(() -> stat(EMPTY), Status.Code.UNAVAILABLE, "STORE_UNAVAILABLE", "is stopping");
  }

  @Test
  void tellsNoStrangerWhatWentWrongInside() {
    storage.report = null;
    assertThatThrownBy(() -> storage.stub().health(HealthRequest.getDefaultInstance()))
        .hasMessage("INTERNAL: storage failed; its log says why");
  }

  @Test
  void declaresWhoMayCallAndWhatMayBeRetried() {
    Map<String, IdempotencyLevel> declared =
        Map.of(
            "Put", IdempotencyLevel.IDEMPOTENT,
            "Get", IdempotencyLevel.NO_SIDE_EFFECTS,
            "Stat", IdempotencyLevel.NO_SIDE_EFFECTS,
            "Delete", IdempotencyLevel.IDEMPOTENT,
            "List", IdempotencyLevel.NO_SIDE_EFFECTS,
            "Health", IdempotencyLevel.NO_SIDE_EFFECTS);
    var methods = StorageGrpc.getServiceDescriptor().getMethods();
    assertThat(methods).hasSize(declared.size());
    assertThat(methods)
        .allSatisfy(
            method -> {
              var descriptor =
                  ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
                      .getMethodDescriptor();
              var options = descriptor.getOptions();
              assertThat(options.hasIdempotencyLevel()).isTrue();
              assertThat(options.getIdempotencyLevel())
                  .isEqualTo(declared.get(descriptor.getName()));
              assertThat(options.getExtension(AccessOuterClass.access))
                  .isEqualTo(
                      descriptor.getName().equals("Health")
                          ? Access.ACCESS_LOCAL
                          : Access.ACCESS_USER_OR_HOST);
            });
  }
}
