package blackhole.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.service.Caller;
import blackhole.endpoint.FakeIdentity;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserTokensTest {
  private static final Instant START = Instant.ofEpochSecond(1_900_000_000);

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private FakeIdentity identity;
  private UserTokens tokens;

  @BeforeEach
  void open() throws Exception {
    identity = new FakeIdentity();
    tokens = new UserTokens(() -> identity, now::get);
  }

  @AfterEach
  void close() {
    tokens.close();
    identity.close();
  }

  @Test
  void aGoodTokenIsKnownUntilItExpires() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    assertThat(tokens.recall(token)).isNull();

    assertThat(ask(token))
        .isEqualTo(new UserTokens.Verdict.Valid(new Caller.User("ann", "did:key:ann", "user")));

    now.set(START.plusSeconds(59));
    assertThat(tokens.recall(token)).isEqualTo(new Caller.User("ann", "did:key:ann", "user"));
    now.set(START.plusSeconds(60));
    assertThat(tokens.recall(token)).isNull();
    now.set(START);
    assertThat(tokens.recall(token)).as("forgotten, not hidden").isNull();
  }

  @Test
  void aTokenThatDoesNotSayWhenItExpiresIsNotKept() throws Exception {
    for (String shape :
        new String[] {"opaque", "a.b", "a.!!.c", "a.e30.c", "a.W10.c", "a.eyJleHAiOiJ4In0.c"}) {
      identity.accept(shape, "ann", "user");
      assertThat(ask(shape)).isInstanceOf(UserTokens.Verdict.Valid.class);
      assertThat(tokens.recall(shape)).as(shape).isNull();
    }
  }

  @Test
  void aBadTokenIsRefusedInIdentitysWords() throws Exception {
    RpcStatus refused = refusal(ask("forged"));
    assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refused.status().getDescription()).isEqualTo("the token is not valid: forged");
    assertThat(RpcStatus.reasonOf(refused.asException())).contains(Reasons.TOKEN_INVALID);
    assertThat(tokens.recall("forged")).isNull();
  }

  @Test
  void anIdentityThatCannotAnswerIsNoRefusalOfTheToken() throws Exception {
    identity.failWith(
        RpcStatus.of(
                Status.Code.UNAVAILABLE,
                Reasons.DOMAIN,
                Reasons.CIRCUIT_OPEN,
                "too many of the last calls failed")
            .retryAfter(Duration.ofSeconds(7))
            .asException());

    RpcStatus refused = refusal(ask("any"));

    assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.status().getDescription())
        .isEqualTo(
            "cannot check the token: identity answers UNAVAILABLE (too many of the last calls"
                + " failed)");
    assertThat(RpcStatus.reasonOf(refused.asException())).contains(Reasons.CIRCUIT_OPEN);
    assertThat(RpcStatus.retryAfterOf(refused.asException())).contains(Duration.ofSeconds(7));
  }

  @Test
  void anyOtherFailureOfIdentityIsUnavailableToo() throws Exception {
    identity.failWith(Status.INTERNAL.asRuntimeException());
    RpcStatus refused = refusal(ask("any"));
    assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.status().getDescription())
        .isEqualTo("cannot check the token: identity answers INTERNAL");
  }

  @Test
  void withoutAWayToIdentityNothingCanBeChecked() throws Exception {
    try (UserTokens cut = new UserTokens(() -> null, now::get)) {
      CompletableFuture<UserTokens.Verdict> verdict = new CompletableFuture<>();
      cut.ask("any", verdict::complete);
      RpcStatus refused = refusal(verdict.get(20, TimeUnit.SECONDS));
      assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refused.status().getDescription()).startsWith("cannot check the token: identity");
    }
  }

  private UserTokens.Verdict ask(String token) throws Exception {
    CompletableFuture<UserTokens.Verdict> verdict = new CompletableFuture<>();
    tokens.ask(token, verdict::complete);
    return verdict.get(20, TimeUnit.SECONDS);
  }

  private static RpcStatus refusal(UserTokens.Verdict verdict) {
    assertThat(verdict).isInstanceOf(UserTokens.Verdict.Refused.class);
    return ((UserTokens.Verdict.Refused) verdict).status();
  }
}
