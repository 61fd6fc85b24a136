package blackhole.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.service.Caller;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.ledger.key.LedgerKey;
import blackhole.ledger.key.TreeHead;
import blackhole.ledger.merkle.Hash;
import blackhole.ledger.merkle.Proofs;
import blackhole.ledger.v1.AppendRequest;
import blackhole.ledger.v1.AppendResponse;
import blackhole.ledger.v1.Entry;
import blackhole.ledger.v1.GetRequest;
import blackhole.ledger.v1.HeadRequest;
import blackhole.ledger.v1.HeadResponse;
import blackhole.ledger.v1.LedgerGrpc;
import blackhole.ledger.v1.ListRequest;
import blackhole.ledger.v1.ListResponse;
import blackhole.ledger.v1.ProveConsistencyRequest;
import blackhole.ledger.v1.ProveConsistencyResponse;
import blackhole.ledger.v1.ProveInclusionRequest;
import blackhole.ledger.v1.ProveInclusionResponse;
import blackhole.ledger.v1.VerifyRequest;
import blackhole.ledger.v1.VerifyResponse;
import blackhole.testkit.Await;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a Unix socket, as a caller sees it. */
@Timeout(600)
class LedgerServiceTest {
  @TempDir Path data;
  private RunningLedger ledger;

  @BeforeEach
  void start() throws IOException {
    ledger = new RunningLedger(data, TestConfig.with("maxEntrySize", 1000L));
  }

  @AfterEach
  void stop() throws Exception {
    ledger.close();
  }

  private static AppendRequest request(String account, String key, String content) {
    return AppendRequest.newBuilder()
        .setAccount(account)
        .setType("test.made")
        .setKey(key)
        .setData(ByteString.copyFromUtf8(content))
        .build();
  }

  private AppendResponse append(String account, String key, String content) {
    return ledger.stub().append(request(account, key, content));
  }

  private Entry get(long index) {
    return ledger.stub().get(GetRequest.newBuilder().setIndex(index).build()).getEntry();
  }

  private HeadResponse head() {
    return ledger.stub().head(HeadRequest.getDefaultInstance());
  }

  private VerifyResponse verify(long from, int max) {
    return ledger
        .stub()
        .verify(VerifyRequest.newBuilder().setFromIndex(from).setMaxEntries(max).build());
  }

  private static Hash hash(ByteString bytes) {
    return Hash.of(bytes.toByteArray());
  }

  private static List<Hash> hashes(List<ByteString> bytes) {
    return bytes.stream().map(LedgerServiceTest::hash).toList();
  }

  private static void assertFails(Runnable rpc, Status.Code code, String reason, String message) {
    assertThatThrownBy(rpc::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(message);
              assertThat(RpcStatus.reasonOf(e)).hasValue(reason);
            });
  }

  private static List<String> violations(Runnable rpc) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, rpc::run);
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(RpcStatus.reasonOf(failure)).hasValue("INVALID_REQUEST");
    List<String> found = new ArrayList<>();
    try {
      for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
        if (detail.is(BadRequest.class)) {
          for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
            found.add(violation.getField() + " " + violation.getDescription());
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  @Test
  void recordsAndTells() {
    AppendResponse first = append("ada", "k1", "hello");
    assertThat(first.getAlreadyRecorded()).isFalse();
    Entry entry = first.getEntry();
    assertThat(entry.getIndex()).isZero();
    assertThat(entry.getAccount()).isEqualTo("ada");
    assertThat(entry.getType()).isEqualTo("test.made");
    assertThat(entry.getKey()).isEqualTo("k1");
    assertThat(entry.getData().toStringUtf8()).isEqualTo("hello");
    assertThat(entry.getRecordedAt()).isPositive();
    assertThat(hash(entry.getPreviousHash())).isEqualTo(Hash.ZERO);
    assertThat(get(0)).isEqualTo(entry);
    assertThat(append("ada", "k2", "").getEntry().getPreviousHash()).isEqualTo(entry.getLeafHash());
  }

  @Test
  void aKeyStandsForOneEntry() {
    Entry entry = append("ada", "k1", "hello").getEntry();
    assertThat(append("ada", "k1", "hello"))
        .isEqualTo(AppendResponse.newBuilder().setEntry(entry).setAlreadyRecorded(true).build());
    assertFails(
        () -> append("ada", "k1", "goodbye"),
        Status.Code.ALREADY_EXISTS,
        "KEY_REUSED",
        "stands for entry 0");
    assertThat(head().getTreeSize()).isEqualTo(1);
  }

  @Test
  void saysWhoHadItRecorded() {
    assertThat(append("ada", "k1", "").getEntry().getAuthor()).isEqualTo("host:storage-1");
    ledger.caller =
        new Caller(
            Caller.Kind.HOST,
            "storage-1",
            Optional.of(new Caller.User("7", "did:key:zAda", "user")));
    assertThat(append("ada", "k2", "").getEntry().getAuthor()).isEqualTo("did:key:zAda");
    ledger.caller = new Caller(Caller.Kind.NODE, "node-b", Optional.empty());
    assertThat(append("ada", "k3", "").getEntry().getAuthor()).isEqualTo("node:node-b");
    // the answer is the entry of then, whoever asks
    assertThat(append("ada", "k1", "").getEntry().getAuthor()).isEqualTo("host:storage-1");
  }

  @Test
  void listsPageByPage() {
    for (int i = 0; i < 9; i++) {
      append(i % 3 == 0 ? "third" : "other", "k" + i, "");
    }
    ListRequest.Builder request = ListRequest.newBuilder().setAccount("third").setPageSize(2);
    ListResponse first = ledger.stub().list(request.build());
    assertThat(first.getEntriesList()).extracting(Entry::getIndex).containsExactly(0L, 3L);
    // what comes in later comes later
    append("third", "late", "");
    ListResponse second =
        ledger.stub().list(request.setPageToken(first.getNextPageToken()).build());
    assertThat(second.getEntriesList()).extracting(Entry::getIndex).containsExactly(6L, 9L);
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(ledger.stub().list(ListRequest.getDefaultInstance()).getEntriesList()).hasSize(10);
  }

  @Test
  void itsHeadsAndProofsConvinceAClient() {
    HeadResponse empty = head();
    assertThat(empty.getTreeSize()).isZero();
    assertThat(hash(empty.getRootHash())).isEqualTo(Hash.EMPTY_TREE);
    for (int i = 0; i < 5; i++) {
      append("ada", "k" + i, "data " + i);
    }
    HeadResponse older = head();
    assertThat(head()).isEqualTo(older);
    for (int i = 5; i < 11; i++) {
      append("ada", "k" + i, "data " + i);
    }
    HeadResponse newer = head();
    for (HeadResponse head : List.of(empty, older, newer)) {
      TreeHead signed =
          new TreeHead(head.getTimestamp(), head.getTreeSize(), hash(head.getRootHash()));
      assertThat(LedgerKey.verify(head.getPublicKey(), signed, head.getSignature())).isTrue();
      assertThat(head.getLogId().size()).isEqualTo(32);
    }
    assertThat(newer.getTimestamp()).isGreaterThanOrEqualTo(older.getTimestamp());

    ProveInclusionResponse inclusion =
        ledger
            .stub()
            .proveInclusion(ProveInclusionRequest.newBuilder().setIndex(4).setTreeSize(11).build());
    assertThat(inclusion.getLeafHash()).isEqualTo(get(4).getLeafHash());
    assertThat(
            Proofs.inclusion(
                4,
                11,
                hash(inclusion.getLeafHash()),
                hashes(inclusion.getPathList()),
                hash(newer.getRootHash())))
        .isTrue();
    ProveConsistencyResponse consistency =
        ledger
            .stub()
            .proveConsistency(ProveConsistencyRequest.newBuilder().setFirstSize(5).build());
    assertThat(consistency.getSecondSize()).isEqualTo(11);
    assertThat(
            Proofs.consistency(
                5,
                11,
                hash(older.getRootHash()),
                hash(newer.getRootHash()),
                hashes(consistency.getPathList())))
        .isTrue();
  }

  @Test
  void namesTheFieldsAtFault() {
    assertThat(violations(() -> ledger.stub().append(AppendRequest.getDefaultInstance())))
        .containsExactly(
            "account is empty, expected 1 to 256 bytes",
            "type is empty, expected 1 to 128 bytes",
            "key is empty, expected 1 to 256 bytes");
    assertThat(violations(() -> append("é".repeat(129), "a\nb", "x".repeat(1001))))
        .containsExactly(
            "account has 258 bytes, expected 1 to 256 bytes",
            "key has a control character",
            "data has 1001 bytes, expected at most 1000 (custom.max_entry_size)");
    assertThat(violations(() -> get(-1))).containsExactly("index is -1, expected at least 0");
    assertThat(
            violations(
                () ->
                    ledger
                        .stub()
                        .list(ListRequest.newBuilder().setPageSize(-1).setPageToken("x").build())))
        .containsExactly(
            "page_size is -1, expected at least 0",
            "page_token is not the next_page_token of an answer");
    assertThat(
            violations(
                () ->
                    ledger
                        .stub()
                        .proveInclusion(
                            ProveInclusionRequest.newBuilder().setIndex(3).setTreeSize(3).build())))
        .containsExactly("tree_size is that of a tree without the entry, expected more than index");
    assertThat(
            violations(
                () -> ledger.stub().proveConsistency(ProveConsistencyRequest.getDefaultInstance())))
        .containsExactly("first_size is 0, expected at least 1");
    assertThat(
            violations(
                () ->
                    ledger
                        .stub()
                        .proveConsistency(
                            ProveConsistencyRequest.newBuilder()
                                .setFirstSize(3)
                                .setSecondSize(2)
                                .build())))
        .containsExactly("second_size is less than first_size");
    assertThat(violations(() -> verify(-1, -1)))
        .containsExactly(
            "from_index is -1, expected at least 0", "max_entries is -1, expected at least 0");
  }

  @Test
  void saysWhatIsNotThere() {
    append("ada", "k", "");
    assertFails(() -> get(1), Status.Code.NOT_FOUND, "ENTRY_NOT_FOUND", "no entry 1");
    assertFails(
        () ->
            ledger.stub().proveInclusion(ProveInclusionRequest.newBuilder().setTreeSize(2).build()),
        Status.Code.OUT_OF_RANGE,
        "TREE_TOO_SMALL",
        "no tree of 2 entries yet; the ledger has 1");
    assertFails(
        () ->
            ledger
                .stub()
                .proveConsistency(ProveConsistencyRequest.newBuilder().setFirstSize(2).build()),
        Status.Code.OUT_OF_RANGE,
        "TREE_TOO_SMALL",
        "no tree of 2");
  }

  @Test
  void findsAndNamesDamage() throws Exception {
    Await.until(
        "the first inspection is over, and not in the way",
        () -> ledger.core.store().metrics().get("ledger_inspections_total") >= 1);
    for (int i = 0; i < 5; i++) {
      append("ada", "k" + i, "data");
    }
    assertThat(verify(0, 0))
        .isEqualTo(
            VerifyResponse.newBuilder().setVerified(5).setNextIndex(5).setDone(true).build());
    assertThat(verify(1, 2))
        .isEqualTo(VerifyResponse.newBuilder().setVerified(2).setNextIndex(3).build());
    assertThat(ledger.core.checkStore()).isEqualTo(HealthResult.healthy());

    Path log = data.resolve("entries.log");
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length - 1] ^= 1;
    Files.write(log, bytes);

    VerifyResponse response = verify(0, 0);
    assertThat(response.getDone()).isTrue();
    assertThat(response.getDamageList())
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage.getFile()).isEqualTo("entries.log");
              assertThat(damage.getEntry()).isEqualTo(4);
              assertThat(damage.getOffset()).isPositive();
              assertThat(damage.getDescription()).isEqualTo("its checksum is wrong");
            });
    assertFails(() -> get(4), Status.Code.DATA_LOSS, "ENTRY_DAMAGED", "entry 4, its checksum");
    assertThat(get(3).getKey()).isEqualTo("k3");
    HealthResult health = ledger.core.checkStore();
    assertThat(health.status()).isEqualTo(HealthStatus.DEGRADED);
    assertThat(health.message()).startsWith("entries.log is damaged at byte ").contains("entry 4");
    assertThat(new LedgerMetrics(ledger.core).metrics())
        .containsEntry("ledger_damaged_entries", 1.0)
        .containsEntry("ledger_entries", 5.0);
  }

  @Test
  void tellsItsHealth() {
    ledger.report =
        new HealthReport(
            HealthStatus.DEGRADED, "so so", Duration.ofSeconds(9), Map.of("threads", 3.0));
    HealthResponse health = ledger.stub().health(HealthRequest.getDefaultInstance());
    assertThat(health.getStatus()).isEqualTo("degraded");
    assertThat(health.getMessage()).isEqualTo("so so");
    assertThat(health.getUptimeSeconds()).isEqualTo(9);
    assertThat(health.getMetricsMap()).containsEntry("threads", 3.0);
    assertThat(
            ledger
                .stub()
                .health(HealthRequest.newBuilder().setService("ledger").build())
                .getStatus())
        .isEqualTo("degraded");
    assertThatThrownBy(
            () -> ledger.stub().health(HealthRequest.newBuilder().setService("other").build()))
        .hasMessageContaining("NOT_FOUND: no service 'other' here, only 'ledger'");
  }

  @Test
  void saysOfEachMethodWhoMayCallItAndWhetherItMayBeRepeated() {
    LedgerGrpc.getServiceDescriptor()
        .getMethods()
        .forEach(
            method -> {
              var descriptor =
                  ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
                      .getMethodDescriptor();
              String name = descriptor.getName();
              assertThat(descriptor.getOptions().getIdempotencyLevel())
                  .as(name)
                  .isEqualTo(
                      name.equals("Append")
                          ? IdempotencyLevel.IDEMPOTENT
                          : IdempotencyLevel.NO_SIDE_EFFECTS);
              assertThat(descriptor.getOptions().getExtension(AccessOuterClass.access))
                  .as(name)
                  .isEqualTo(
                      name.equals("Health") ? Access.ACCESS_LOCAL : Access.ACCESS_USER_OR_HOST);
            });
  }

  @Test
  void goesOnAfterARestart() throws Exception {
    Entry entry = append("ada", "k", "data").getEntry();
    HeadResponse before = head();
    ledger.close();
    start();
    assertThat(append("ada", "k", "data").getEntry()).isEqualTo(entry);
    assertThat(head().getPublicKey()).isEqualTo(before.getPublicKey());
    assertThat(head().getRootHash()).isEqualTo(before.getRootHash());
  }
}
