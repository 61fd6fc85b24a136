package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.ledger.v1.AppendRequest;
import blackhole.ledger.v1.AppendResponse;
import blackhole.ledger.v1.Entry;
import blackhole.ledger.v1.HeadRequest;
import blackhole.ledger.v1.HeadResponse;
import blackhole.ledger.v1.LedgerGrpc;
import blackhole.ledger.v1.ListRequest;
import blackhole.testkit.TestNode;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A user's entries in the ledger of a real node, before and after its process is killed. */
class LedgerNodeTest {
  private static LedgerGrpc.LedgerBlockingStub ledger(Channel channel) {
    return LedgerGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static LedgerGrpc.LedgerBlockingStub ledger(Channel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return ledger(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static AppendRequest request(int number) {
    return AppendRequest.newBuilder()
        .setAccount("ada")
        .setType("test.made")
        .setKey("k" + number)
        .setData(ByteString.copyFromUtf8("data of " + number))
        .build();
  }

  @Test
  void servesAppendAndSurvivesKillNineWithItsEntries() {
    try (TestNode node =
        TestNode.start("services: { identity: {}, ledger: { depends_on: [identity] } }\n")) {
      Users.register(node.channel("identity"), "ada");
      String token = Users.authenticate(node.channel("identity"), "ada");
      Channel channel = node.channel("ledger");
      for (int i = 0; i < 5; i++) {
        AppendResponse appended = ledger(channel, token).append(request(i));
        assertThat(appended.getEntry().getIndex()).isEqualTo(i);
        assertThat(appended.getEntry().getAuthor()).startsWith("did:key:");
      }
      HeadResponse before = ledger(channel, token).head(HeadRequest.getDefaultInstance());
      assertThatThrownBy(() -> ledger(channel).append(request(5)))
          .hasMessageStartingWith("UNAUTHENTICATED");
      assertThat(node.metrics("ledger").orElseThrow()).containsEntry("ledger_entries", 5.0);
      assertThat(node.tryExec("bh:scale ledger 2").toString()).contains("Blackhole-Data: single");

      long old = node.kill("ledger");
      node.awaitReplaced("ledger", old, TestNode.PATIENCE);

      HeadResponse after = ledger(channel, token).head(HeadRequest.getDefaultInstance());
      assertThat(after.getTreeSize()).isEqualTo(5);
      assertThat(after.getRootHash()).isEqualTo(before.getRootHash());
      assertThat(after.getPublicKey()).isEqualTo(before.getPublicKey());
      assertThat(ledger(channel, token).append(request(4)).getAlreadyRecorded()).isTrue();
      assertThat(ledger(channel, token).append(request(5)).getEntry().getIndex()).isEqualTo(5);
      assertThat(
              ledger(channel, token)
                  .list(ListRequest.newBuilder().setAccount("ada").build())
                  .getEntriesList())
          .extracting(Entry::getKey)
          .containsExactly("k0", "k1", "k2", "k3", "k4", "k5");
    }
  }
}
