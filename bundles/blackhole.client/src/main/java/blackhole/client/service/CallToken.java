package blackhole.client.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import blackhole.api.rpc.CallerIdentity;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
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
  private final ClientStreamTracer.Factory late = new Late();
  private volatile @Nullable Known known;

  private record Known(String token, byte[] bytes) {}

  CallToken(CallerIdentity identity) {
    this.identity = identity;
  }

  /** Adds nothing where there is no token (yet), and says so. */
  boolean putInto(Metadata headers) {
    Optional<String> token = identity.callToken();
    if (token.isEmpty()) {
      return false;
    }
    headers.put(HEADER, bytes(token.get()));
    return true;
  }

  /**
   * For a call that begins before there is a token: it waits for an instance, and by then there is
   * one, as both come from the orchestrator. A header that the caller wrote itself stays.
   */
  ClientStreamTracer.Factory late() {
    return late;
  }

  /** One for all attempts, as it keeps nothing of them. */
  private final class Late extends ClientStreamTracer.Factory {
    private final ClientStreamTracer tracer =
        new ClientStreamTracer() {
          @Override
          public void streamCreated(Attributes transport, Metadata sent) {
            if (!sent.containsKey(HEADER)) {
              putInto(sent);
            }
          }
        };

    @Override
    public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
      return tracer;
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
