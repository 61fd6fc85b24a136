package blackhole.client.service;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.CallerIdentity;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallTokenTest {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of(CallerIdentity.CALL_TOKEN_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private Optional<String> token = Optional.empty();
  private final CallToken shown =
      new CallToken(
          new CallerIdentity() {
            @Override
            public String nodeId() {
              return "node-a";
            }

            @Override
            public String name() {
              return "caller-1";
            }

            @Override
            public Optional<String> callToken() {
              return token;
            }

            @Override
            public Optional<TlsFiles> tls() {
              return Optional.empty();
            }
          });

  @Test
  void eachCallShowsTheOneThatHoldsThen() {
    assertThat(put().containsKey(HEADER)).isFalse();
    token = Optional.of("first");
    assertThat(put().getAll(HEADER)).containsExactly("first");
    assertThat(put().getAll(HEADER)).containsExactly("first");
    token = Optional.of("second");
    assertThat(put().getAll(HEADER)).containsExactly("second");
    token = Optional.empty();
    assertThat(put().containsKey(HEADER)).isFalse();
  }

  @Test
  void aCallThatBeganBeforeThereWasOneShowsTheOneThatHoldsWhenItIsSent() {
    Metadata headers = put();
    token = Optional.of("first");
    assertThat(send(headers).getAll(HEADER)).containsExactly("first");
    assertThat(send(headers).getAll(HEADER)).containsExactly("first");
  }

  @Test
  void aHeaderOfTheCallersOwnIsSentAsItIs() {
    Metadata headers = new Metadata();
    headers.put(HEADER, "own");
    assertThat(send(headers).getAll(HEADER)).containsExactly("own");
    token = Optional.of("first");
    assertThat(send(headers).getAll(HEADER)).containsExactly("own");
  }

  private Metadata send(Metadata headers) {
    shown
        .late()
        .newClientStreamTracer(ClientStreamTracer.StreamInfo.newBuilder().build(), headers)
        .streamCreated(Attributes.EMPTY, headers);
    return headers;
  }

  private Metadata put() {
    Metadata headers = new Metadata();
    shown.putInto(headers);
    return headers;
  }
}
