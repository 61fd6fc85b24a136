package blackhole.client.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import blackhole.api.rpc.CallerIdentity;
import io.grpc.InternalMetadata;
import io.grpc.InternalMetadata.TrustedAsciiMarshaller;
import io.grpc.Metadata;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows a process's call token with each of its calls, as the bytes that it is sent as: it changes
 * about as often as the orchestrator does. Thread-safe.
 */
final class CallToken {
  private static final Metadata.Key<byte[]> HEADER =
      InternalMetadata.keyOf(
          CallerIdentity.CALL_TOKEN_HEADER,
          new TrustedAsciiMarshaller<byte[]>() {
            @Override
            public byte[] toAsciiString(byte[] value) {
              return value;
            }

            @Override
            public byte[] parseAsciiString(byte[] serialized) {
              return serialized;
            }
          });

  private final CallerIdentity identity;
  private volatile @Nullable Known known;

  private record Known(String token, byte[] bytes) {}

  CallToken(CallerIdentity identity) {
    this.identity = identity;
  }

  /** Adds nothing where there is no token (yet). */
  void putInto(Metadata headers) {
    Optional<String> token = identity.callToken();
    if (token.isPresent()) {
      headers.put(HEADER, bytes(token.get()));
    }
  }

  private byte[] bytes(String token) {
    Known last = known;
    if (last == null || !last.token().equals(token)) {
      last = new Known(token, token.getBytes(US_ASCII));
      known = last;
    }
    return last.bytes();
  }
}
