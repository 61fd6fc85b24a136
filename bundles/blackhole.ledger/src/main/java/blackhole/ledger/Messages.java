package blackhole.ledger;

import blackhole.api.service.HealthReport;
import blackhole.health.v1.HealthResponse;
import blackhole.ledger.key.LedgerKey;
import blackhole.ledger.key.SignedHead;
import blackhole.ledger.merkle.Hash;
import blackhole.ledger.store.LedgerStore;
import blackhole.ledger.v1.Damage;
import blackhole.ledger.v1.Entry;
import blackhole.ledger.v1.HeadResponse;
import blackhole.ledger.v1.ProveConsistencyResponse;
import blackhole.ledger.v1.ProveInclusionResponse;
import blackhole.ledger.v1.VerifyResponse;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Locale;

/** What the ledger says, as messages. */
final class Messages {
  private static final int MAX_DAMAGE = 100;

  private Messages() {}

  static Entry entry(blackhole.ledger.entry.Entry entry) {
    return Entry.newBuilder()
        .setIndex(entry.index())
        .setAccount(entry.draft().account())
        .setType(entry.draft().type())
        .setData(entry.draft().data())
        .setKey(entry.draft().key())
        .setAuthor(entry.draft().author())
        .setRecordedAt(entry.recordedAt())
        .setPreviousHash(bytes(entry.previous()))
        .setLeafHash(bytes(entry.leaf()))
        .build();
  }

  static HeadResponse head(SignedHead signed, LedgerKey key) {
    return HeadResponse.newBuilder()
        .setTreeSize(signed.head().size())
        .setTimestamp(signed.head().timestamp())
        .setRootHash(bytes(signed.head().root()))
        .setSignature(signed.signature())
        .setPublicKey(key.publicKey())
        .setLogId(key.logId())
        .build();
  }

  static ProveInclusionResponse inclusion(LedgerStore.Inclusion proof) {
    return ProveInclusionResponse.newBuilder()
        .setIndex(proof.index())
        .setTreeSize(proof.size())
        .setLeafHash(bytes(proof.leaf()))
        .addAllPath(bytes(proof.path()))
        .setRootHash(bytes(proof.root()))
        .build();
  }

  static ProveConsistencyResponse consistency(LedgerStore.Consistency proof) {
    return ProveConsistencyResponse.newBuilder()
        .setFirstSize(proof.first())
        .setSecondSize(proof.second())
        .setFirstRootHash(bytes(proof.firstRoot()))
        .setSecondRootHash(bytes(proof.secondRoot()))
        .addAllPath(bytes(proof.path()))
        .build();
  }

  static VerifyResponse verified(long from, LedgerStore.Verified verified) {
    VerifyResponse.Builder response =
        VerifyResponse.newBuilder()
            .setVerified(Math.max(0, verified.next() - from))
            .setNextIndex(verified.next())
            .setDone(verified.next() >= verified.size());
    verified.damage().stream()
        .limit(MAX_DAMAGE)
        .forEach(
            damage ->
                response.addDamage(
                    Damage.newBuilder()
                        .setFile(damage.file())
                        .setOffset(damage.offset())
                        .setEntry(damage.entry())
                        .setDescription(damage.description())));
    return response.build();
  }

  static HealthResponse health(HealthReport report) {
    return HealthResponse.newBuilder()
        .setStatus(report.status().name().toLowerCase(Locale.ROOT))
        .setMessage(report.message())
        .setUptimeSeconds(report.uptime().toSeconds())
        .putAllMetrics(report.metrics())
        .build();
  }

  private static ByteString bytes(Hash hash) {
    return ByteString.copyFrom(hash.bytes());
  }

  private static List<ByteString> bytes(List<Hash> hashes) {
    return hashes.stream().map(Messages::bytes).toList();
  }
}
