package blackhole.ledger.key;

import com.google.protobuf.ByteString;

/** A head and the ledger's signature of it. */
public record SignedHead(TreeHead head, ByteString signature) {}
