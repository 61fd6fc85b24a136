package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.indexer.v1.Hit;
import blackhole.indexer.v1.IndexerGrpc;
import blackhole.indexer.v1.SearchRequest;
import blackhole.indexer.v1.StatusRequest;
import blackhole.indexer.v1.StatusResponse;
import blackhole.storage.v1.PutRequest;
import blackhole.storage.v1.PutResponse;
import blackhole.storage.v1.StorageGrpc;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A user's documents, found on a real node, before and after the indexer's process is killed. */
class IndexerNodeTest {
  private static final String NODE =
      """
      services:
        identity: {}
        storage: { depends_on: [identity] }
        events: { depends_on: [identity] }
        indexer: { depends_on: [identity, storage, events] }
      """;

  private static ClientInterceptor bearer(String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  private static IndexerGrpc.IndexerBlockingStub indexer(Channel channel) {
    return IndexerGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static String put(Channel storage, String token, String text) throws Exception {
    CompletableFuture<PutResponse> answer = new CompletableFuture<>();
    StreamObserver<PutRequest> call =
        StorageGrpc.newStub(storage)
            .withWaitForReady()
            .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .withInterceptors(bearer(token))
            .put(
                new StreamObserver<>() {
                  @Override
                  public void onNext(PutResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    call.onNext(PutRequest.newBuilder().setChunk(ByteString.copyFromUtf8(text)).build());
    call.onCompleted();
    return answer.get(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS).getCid();
  }

  private static List<String> search(Channel channel, String token, String query) {
    return indexer(channel)
        .withInterceptors(bearer(token))
        .search(SearchRequest.newBuilder().setQuery(query).build())
        .getHitsList()
        .stream()
        .map(Hit::getCid)
        .toList();
  }

  private static void awaitRebuilt(Channel channel, String token, long generation) {
    Await.until(
        "generation " + generation,
        TestNode.PATIENCE,
        () -> {
          StatusResponse status =
              indexer(channel)
                  .withInterceptors(bearer(token))
                  .status(StatusRequest.getDefaultInstance());
          return status.getGeneration() == generation && !status.getRebuilding();
        });
  }

  @Test
  void findsAUsersDocumentsAndGoesOnAfterKillNine() throws Exception {
    try (TestNode node = TestNode.start(NODE)) {
      Users.register(node.channel("identity"), "ada");
      String token = Users.authenticate(node.channel("identity"), "ada");
      Channel indexer = node.channel("indexer");
      Channel storage = node.channel("storage");
      String hole = put(storage, token, "Nothing escapes from a black hole.");
      String json = put(storage, token, "{\"star\": {\"colour\": \"white\"}}");
      awaitRebuilt(indexer, token, 1);

      assertThat(node.exec("bh:call --header 'authorization:Bearer " + token + "' indexer/Rebuild"))
          .contains("generation");
      awaitRebuilt(indexer, token, 2);
      assertThat(search(indexer, token, "escapes \"black hole\"")).containsExactly(hole);
      assertThat(search(indexer, token, "json.star.colour:white")).containsExactly(json);
      assertThatThrownBy(
              () -> indexer(indexer).search(SearchRequest.getDefaultInstance()).getTotal())
          .hasMessageStartingWith("UNAUTHENTICATED");
      assertThatThrownBy(() -> search(indexer, token, "(black"))
          .hasMessageStartingWith("INVALID_ARGUMENT: query cannot be read");

      long old = node.kill("indexer");
      node.awaitReplaced("indexer", old, TestNode.PATIENCE);
      assertThat(search(indexer, token, "hole")).containsExactly(hole);
      awaitRebuilt(indexer, token, 2);
      assertThat(node.metrics("indexer").orElseThrow()).containsEntry("indexer_documents", 2.0);
    }
  }
}
