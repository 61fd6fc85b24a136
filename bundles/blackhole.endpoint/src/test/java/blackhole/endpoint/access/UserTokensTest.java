package blackhole.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.observe.TraceContext;
import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.rpc.ServerCallScope;
import blackhole.api.service.Caller;
import blackhole.endpoint.Await;
import blackhole.endpoint.FakeIdentity;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
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
  void aUserIsAskedAboutAgainAfterFiveMinutesAtTheLatest() throws Exception {
    String token = identity.issue("ann", "admin", START.plusSeconds(3600));
    assertThat(ask(token)).isInstanceOf(UserTokens.Verdict.Valid.class);

    identity.accept(token, "ann", "user");
    now.set(START.plus(UserTokens.LONGEST).minusSeconds(1));
    assertThat(tokens.recall(token)).isEqualTo(new Caller.User("ann", "did:key:ann", "admin"));
    now.set(START.plus(UserTokens.LONGEST));
    assertThat(tokens.recall(token)).isNull();
    assertThat(ask(token))
        .isEqualTo(new UserTokens.Verdict.Valid(new Caller.User("ann", "did:key:ann", "user")));
    assertThat(UserTokens.LONGEST).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void manyAtOnceAskOnce() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    CountDownLatch gate = closeGate();
    List<CompletableFuture<UserTokens.Verdict>> verdicts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      verdicts.add(begin(token));
    }
    CompletableFuture<UserTokens.Verdict> other = begin("another");
    gate.countDown();

    for (CompletableFuture<UserTokens.Verdict> verdict : verdicts) {
      assertThat(verdict.get(20, TimeUnit.SECONDS))
          .isEqualTo(new UserTokens.Verdict.Valid(new Caller.User("ann", "did:key:ann", "user")));
    }
    assertThat(refusal(other.get(20, TimeUnit.SECONDS)).status().getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(identity.questions).as("one for each token").hasValue(2);
  }

  @Test
  void oneWhoseHandlerBlocksDoesNotHoldUpTheOthers() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    CountDownLatch gate = closeGate();
    CountDownLatch othersAnswered = new CountDownLatch(3);
    CompletableFuture<Boolean> allAnswered = new CompletableFuture<>();
    tokens.ask(
        token,
        verdict -> {
          try {
            allAnswered.complete(othersAnswered.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    for (int i = 0; i < 3; i++) {
      tokens.ask(token, verdict -> othersAnswered.countDown());
    }
    gate.countDown();

    assertThat(allAnswered.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFailureIsForThoseWhoWaitedAndNobodyElse() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    CountDownLatch gate = closeGate();
    identity.failWith(Status.UNAVAILABLE.withDescription("not now").asRuntimeException());
    CompletableFuture<UserTokens.Verdict> first = begin(token);
    CompletableFuture<UserTokens.Verdict> second = begin(token);
    gate.countDown();

    for (CompletableFuture<UserTokens.Verdict> each : List.of(first, second)) {
      assertThat(refusal(each.get(20, TimeUnit.SECONDS)).status().getDescription())
          .contains("not now");
    }
    identity.failWith(null);
    assertThat(ask(token)).isInstanceOf(UserTokens.Verdict.Valid.class);
    assertThat(identity.questions).hasValue(2);
  }

  @Test
  void whoeverCameFirstMayLeave() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    CountDownLatch gate = closeGate();
    CompletableFuture<UserTokens.Verdict> left = new CompletableFuture<>();
    CompletableFuture<UserTokens.Verdict> stays = new CompletableFuture<>();
    Context.CancellableContext call = Context.ROOT.withCancellation();
    call.run(() -> tokens.ask(token, left::complete));
    tokens.ask(token, stays::complete);

    call.cancel(null);
    gate.countDown();

    assertThat(stays.get(20, TimeUnit.SECONDS)).isInstanceOf(UserTokens.Verdict.Valid.class);
    assertThat(left).isNotDone();
    assertThat(identity.questions).hasValue(1);
  }

  @Test
  void theQuestionIsTakenBackWhenTheLastHasLeft() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    CountDownLatch gate = closeGate();
    List<Context.CancellableContext> calls = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Context.CancellableContext call = Context.ROOT.withCancellation();
      calls.add(call);
      call.run(() -> tokens.ask(token, verdict -> {}));
    }
    Await.until("identity is asked", () -> identity.questions.get() == 1);
    calls.get(0).cancel(null);
    assertThat(identity.cancelled.getCount()).isEqualTo(1);
    calls.get(1).cancel(null);
    Await.open(identity.cancelled);

    gate.countDown();
    assertThat(ask(token)).isInstanceOf(UserTokens.Verdict.Valid.class);
    assertThat(identity.questions).as("the next one asks anew").hasValue(2);
  }

  @Test
  void aCallThatIsOverBeforeItAsksLeavesNothingBehind() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    Context.CancellableContext call = Context.ROOT.withCancellation();
    call.cancel(null);
    call.run(() -> tokens.ask(token, verdict -> {}));

    assertThat(ask(token)).isInstanceOf(UserTokens.Verdict.Valid.class);
  }

  @Test
  void aQuestionThatCannotBeAskedIsAnswered() throws Exception {
    Channels broken =
        new Channels() {
          @Override
          public Channel to(String service) {
            throw new IllegalStateException("closed");
          }

          @Override
          public Channel to(String service, UnaryOperator<CallPolicy> override) {
            return to(service);
          }
        };
    try (UserTokens cut = new UserTokens(() -> broken, now::get)) {
      for (int i = 0; i < 2; i++) {
        CompletableFuture<UserTokens.Verdict> verdict = new CompletableFuture<>();
        cut.ask("any", verdict::complete);
        assertThat(refusal(verdict.get(20, TimeUnit.SECONDS)).status().getCode())
            .isEqualTo(Status.Code.UNAVAILABLE);
      }
    }
  }

  @Test
  void whatFailedAfterAllRetriesIsNotWorthMoreOfThem() throws Exception {
    identity.failWith(Status.UNAVAILABLE.asRuntimeException());
    // as the client path does, once a call has failed for good
    Channels out = out(() -> Objects.requireNonNull(ServerCallScope.current()).downstreamFailed());
    ServerCallScope call = new ServerCallScope();
    try (UserTokens over = new UserTokens(() -> out, now::get)) {
      CompletableFuture<UserTokens.Verdict> verdict = new CompletableFuture<>();
      call.in(Context.ROOT).run(() -> over.ask("any", verdict::complete));
      refusal(verdict.get(20, TimeUnit.SECONDS));
    }
    assertThat(call.hasDownstreamFailed()).isTrue();
  }

  /** It is the call of whoever came first, and nobody else's: so it is asked within its trace. */
  @Test
  void identityIsAskedInTheTraceOfWhoCameFirst() throws Exception {
    String token = identity.issue("ann", "user", START.plusSeconds(60));
    CountDownLatch gate = closeGate();
    AtomicReference<TraceContext> asked = new AtomicReference<>();
    TraceContext first = TraceContext.root(true);
    try (UserTokens traced =
        new UserTokens(() -> out(() -> asked.set(TraceContext.current())), now::get)) {
      CompletableFuture<UserTokens.Verdict> verdict = new CompletableFuture<>();
      first.in(Context.ROOT).run(() -> traced.ask(token, verdict::complete));
      TraceContext.root(true).in(Context.ROOT).run(() -> traced.ask(token, other -> {}));
      gate.countDown();
      assertThat(verdict.get(20, TimeUnit.SECONDS)).isInstanceOf(UserTokens.Verdict.Valid.class);
    }
    assertThat(asked.get()).isEqualTo(first);
    assertThat(identity.questions).hasValue(1);
  }

  /** Ways to identity on which something is done with each call. */
  private Channels out(Runnable onCall) {
    ClientInterceptor interceptor =
        new ClientInterceptor() {
          @Override
          public <Q, R> ClientCall<Q, R> interceptCall(
              MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            onCall.run();
            return next.newCall(method, options);
          }
        };
    return new Channels() {
      @Override
      public Channel to(String service) {
        return ClientInterceptors.intercept(identity.to(service), interceptor);
      }

      @Override
      public Channel to(String service, UnaryOperator<CallPolicy> override) {
        return to(service);
      }
    };
  }

  private CountDownLatch closeGate() {
    CountDownLatch gate = new CountDownLatch(1);
    identity.waitFor(gate);
    return gate;
  }

  private CompletableFuture<UserTokens.Verdict> begin(String token) {
    CompletableFuture<UserTokens.Verdict> verdict = new CompletableFuture<>();
    tokens.ask(token, verdict::complete);
    return verdict;
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
    return begin(token).get(20, TimeUnit.SECONDS);
  }

  private static RpcStatus refusal(UserTokens.Verdict verdict) {
    assertThat(verdict).isInstanceOf(UserTokens.Verdict.Refused.class);
    return ((UserTokens.Verdict.Refused) verdict).status();
  }
}
