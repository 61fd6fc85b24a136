package blackhole.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.service.HealthStatus;
import blackhole.indexer.v1.Hit;
import blackhole.indexer.v1.IndexerGrpc;
import blackhole.indexer.v1.Kind;
import blackhole.indexer.v1.Order;
import blackhole.indexer.v1.Part;
import blackhole.indexer.v1.RebuildRequest;
import blackhole.indexer.v1.SearchRequest;
import blackhole.indexer.v1.SearchResponse;
import blackhole.indexer.v1.StatusRequest;
import blackhole.indexer.v1.StatusResponse;
import blackhole.testkit.Await;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a Unix socket, as a caller sees it. */
@Timeout(180)
class IndexerServiceTest {
  @TempDir Path data;
  private RunningIndexer indexer;

  @BeforeEach
  void start() throws IOException {
    indexer = new RunningIndexer(data, TestConfig.with("commitInterval", 20L));
  }

  @AfterEach
  void stop() throws Exception {
    indexer.close();
  }

  private void store(String cid, String text) {
    indexer.blobs.put(cid, text);
    indexer.stream.stored(cid, text.length(), "did:key:ada");
  }

  private SearchResponse search(String query) {
    return indexer.stub().search(SearchRequest.newBuilder().setQuery(query).build());
  }

  private StatusResponse status() {
    return indexer.stub().status(StatusRequest.getDefaultInstance());
  }

  private void awaitDocuments(int count) throws Exception {
    Await.until("indexed", () -> status().getDocuments() == count && !status().getRebuilding());
  }

  @Test
  void findsWhatWasStored() throws Exception {
    store("a", "A black hole.");
    store("b", "{\"what\": \"a black cat\"}");
    awaitDocuments(2);

    SearchResponse found = search("black hole");
    assertThat(found.getTotal()).isEqualTo(1);
    assertThat(found.getMoreThanTotal()).isFalse();
    assertThat(found.getNextPageToken()).isEmpty();
    Hit hit = found.getHits(0);
    assertThat(hit.getCid()).isEqualTo("a");
    assertThat(hit.getKind()).isEqualTo(Kind.TEXT);
    assertThat(hit.getSize()).isEqualTo(13);
    assertThat(hit.getStoredAt()).isEqualTo(1000);
    assertThat(hit.getStoredBy()).isEqualTo("did:key:ada");
    assertThat(hit.getScore()).isPositive();
    assertThat(hit.getSnippets(0).getPartsList())
        .contains(Part.newBuilder().setText("black").setMatch(true).build());
    assertThat(search("json.what:cat").getHits(0).getKind()).isEqualTo(Kind.JSON);
    assertThat(status().getPosition()).isEqualTo(2);
  }

  @Test
  void pagesWithTokensThatHoldForTheirSearch() throws Exception {
    for (int i = 0; i < 7; i++) {
      store("cid-" + i, "word");
    }
    awaitDocuments(7);
    SearchRequest.Builder request =
        SearchRequest.newBuilder().setQuery("word").setPageSize(3).setOrder(Order.NEWEST);
    List<String> cids = new ArrayList<>();
    String firstToken = "";
    do {
      SearchResponse page = indexer.stub().search(request.build());
      page.getHitsList().forEach(hit -> cids.add(hit.getCid()));
      firstToken = firstToken.isEmpty() ? page.getNextPageToken() : firstToken;
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());

    assertThat(cids).containsExactly("cid-0", "cid-1", "cid-2", "cid-3", "cid-4", "cid-5", "cid-6");
    request.setPageToken(firstToken).setOrder(Order.RELEVANCE);
    assertThat(violations(request)).containsOnlyKeys("page_token");
    request.setQuery("words").setOrder(Order.NEWEST);
    assertThat(violations(request)).containsOnlyKeys("page_token");
  }

  private Map<String, String> violations(SearchRequest.Builder request) {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> indexer.stub().search(request.build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(RpcStatus.reasonOf(failure)).contains("INVALID_REQUEST");
    Map<String, String> violations = new java.util.TreeMap<>();
    StatusProto.fromThrowable(failure)
        .getDetailsList()
        .forEach(
            detail -> {
              try {
                if (detail.is(BadRequest.class)) {
                  detail
                      .unpack(BadRequest.class)
                      .getFieldViolationsList()
                      .forEach(field -> violations.put(field.getField(), field.getDescription()));
                }
              } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            });
    return violations;
  }

  @Test
  void saysFieldByFieldWhatIsWrong() {
    assertThat(
            violations(
                SearchRequest.newBuilder()
                    .setQuery("x".repeat(1001))
                    .setPageSize(-1)
                    .setPageToken("?")
                    .setOrderValue(7)
                    .setSnippets(11)))
        .containsOnlyKeys("query", "page_size", "page_token", "order", "snippets");
    assertThat(violations(SearchRequest.newBuilder().setQuery("(black")))
        .hasEntrySatisfying("query", words -> assertThat(words).startsWith("cannot be read: "));
  }

  @Test
  void rebuildsWhileItAnswers() throws Exception {
    store("a", "word");
    awaitDocuments(1);
    indexer.blobs.put("b", "word");

    assertThat(indexer.stub().rebuild(RebuildRequest.getDefaultInstance()).getGeneration())
        .isEqualTo(2);
    assertThat(search("cid:a").getHitsCount()).isEqualTo(1);
    awaitDocuments(2);
    assertThat(status().getGeneration()).isEqualTo(2);
  }

  @Test
  void isDegradedWhileSomethingWaits() throws Exception {
    awaitDocuments(0);
    assertThat(indexer.onHost.check().status()).isEqualTo(HealthStatus.HEALTHY);
    indexer.blobs.setAway(true);
    store("a", "word");
    Await.until("degraded", () -> indexer.onHost.check().status() == HealthStatus.DEGRADED);
    assertThat(indexer.onHost.check().message()).contains("event 1 waits", "nobody there");
    assertThat(status().getTrouble()).contains("nobody there");

    indexer.blobs.setAway(false);
    awaitDocuments(1);
    assertThat(indexer.onHost.metrics())
        .containsEntry("indexer_documents", 1.0)
        .containsEntry("indexer_indexed_total", 1.0)
        .containsEntry("indexer_rebuilding", 0.0);
  }

  @Test
  void saysWhoMayCallAndWhatMayBeRetried() {
    assertThat(IndexerGrpc.getServiceDescriptor().getMethods())
        .hasSize(3)
        .allSatisfy(
            method -> {
              var options =
                  ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
                      .getMethodDescriptor()
                      .getOptions();
              boolean rebuilds = method.getBareMethodName().equals("Rebuild");
              assertThat(options.getExtension(AccessOuterClass.access))
                  .isEqualTo(Access.ACCESS_USER_OR_HOST);
              assertThat(options.getIdempotencyLevel())
                  .isEqualTo(
                      rebuilds ? IdempotencyLevel.IDEMPOTENT : IdempotencyLevel.NO_SIDE_EFFECTS);
            });
  }
}
