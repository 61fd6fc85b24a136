package blackhole.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import blackhole.access.v1.Access;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.HostCallers;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessTest {
  private static final String HOST_TOKEN = "the secret of storage-1";

  @TempDir Path directory;
  private EndpointFixture fixture;
  private FakeIdentity identity;
  private ManagedChannel channel;
  private String user;
  private String admin;

  @BeforeEach
  void open() throws Exception {
    identity = new FakeIdentity();
    user = identity.issue("ann", "user", Instant.now().plusSeconds(3600));
    admin = identity.issue("root", "admin", Instant.now().plusSeconds(3600));
    fixture = new EndpointFixture(directory.resolve("s"));
    fixture.hosts = token -> token.equals(HOST_TOKEN) ? Optional.of("storage-1") : Optional.empty();
    fixture.out = identity;
    fixture.endpoint.open(fixture.address(OptionalInt.of(0)));
    fixture.services.add(1, 0, new GuardedService());
    channel = fixture.channel();
  }

  @AfterEach
  void close() {
    fixture.close();
    identity.close();
  }

  @Test
  void aLocalMethodNeedsNothingAndKnowsWhatItCan() {
    assertThat(who(Access.ACCESS_LOCAL)).isEqualTo("LOCAL  -");
    assertThat(who(Access.ACCESS_LOCAL, host(HOST_TOKEN))).isEqualTo("HOST storage-1 -");
    assertThat(who(Access.ACCESS_LOCAL, host("forged"))).isEqualTo("LOCAL  -");
    assertThat(who(Access.ACCESS_LOCAL, bearer("forged"))).isEqualTo("LOCAL  -");
    assertThat(identity.questions).hasValue(0);
  }

  @Test
  void aHostsMethodNeedsAHostsToken() {
    assertThat(who(Access.ACCESS_HOST, host(HOST_TOKEN))).isEqualTo("HOST storage-1 -");
    assertThat(who(Access.ACCESS_HOST, host(HOST_TOKEN), bearer("forged")))
        .isEqualTo("HOST storage-1 -");

    refused(Access.ACCESS_HOST, Reasons.CREDENTIALS_MISSING, "blackhole-call-token");
    refused(Access.ACCESS_HOST, Reasons.CREDENTIALS_MISSING, "hosts", bearer(user));
    refused(
        Access.ACCESS_HOST,
        Reasons.TOKEN_INVALID,
        "'blackhole-call-token' is not that of a host",
        host("forged"));
    fixture.hosts = null;
    refused(Access.ACCESS_HOST, Reasons.TOKEN_INVALID, "not that of a host", host(HOST_TOKEN));
    assertThat(identity.questions).hasValue(0);
  }

  /** Knows a host only when it is told of it, while its calls wait. */
  private static final class LateHosts implements HostCallers {
    final CompletableFuture<Optional<String>> news = new CompletableFuture<>();
    final CountDownLatch asked = new CountDownLatch(1);

    @Override
    public Optional<String> verify(String callToken) {
      return Optional.empty();
    }

    @Override
    public CompletionStage<Optional<String>> verifyLater(String callToken) {
      asked.countDown();
      return news;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Access.class,
      names = {"ACCESS_LOCAL", "ACCESS_HOST", "ACCESS_USER_OR_HOST"})
  void aHostThatIsNewWaitsUntilItIsKnown(Access access) throws Exception {
    LateHosts late = new LateHosts();
    fixture.hosts = late;
    ListenableFuture<String> answer = whoLater(access, host(HOST_TOKEN));
    Await.open(late.asked);
    assertThat(answer.isDone()).isFalse();

    late.news.complete(Optional.of("storage-1"));

    assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("HOST storage-1 -");
  }

  @Test
  void aHostThatIsNewBringsItsUserAlong() throws Exception {
    LateHosts late = new LateHosts();
    fixture.hosts = late;
    ListenableFuture<String> answer = whoLater(Access.ACCESS_USER, host(HOST_TOKEN), bearer(user));
    Await.open(late.asked);
    late.news.complete(Optional.of("storage-1"));
    assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("HOST storage-1 ann/did:key:ann/user");
  }

  @Test
  void whoStaysUnknownIsRefusedAfterAll() throws Exception {
    LateHosts late = new LateHosts();
    fixture.hosts = late;
    ListenableFuture<String> answer = whoLater(Access.ACCESS_HOST, host(HOST_TOKEN));
    Await.open(late.asked);
    late.news.complete(Optional.empty());
    assertThat(answer)
        .failsWithin(java.time.Duration.ofSeconds(20))
        .withThrowableThat()
        .withMessageContaining("UNAUTHENTICATED")
        .withMessageContaining("is not that of a host");
  }

  @Test
  void aCallThatWaitsToBeKnownEndsWithItsCaller() throws Exception {
    LateHosts late = new LateHosts();
    fixture.hosts = late;
    ListenableFuture<String> answer = whoLater(Access.ACCESS_HOST, host(HOST_TOKEN));
    Await.open(late.asked);
    answer.cancel(true);
    Await.until("no call is left", () -> fixture.calls.active() == 0);
    late.news.complete(Optional.of("storage-1"));
    assertThat(who(Access.ACCESS_LOCAL)).as("others are served").isEqualTo("LOCAL  -");
  }

  @Test
  void aUsersMethodNeedsAUsersToken() {
    assertThat(who(Access.ACCESS_USER, bearer(user))).isEqualTo("LOCAL ann ann/did:key:ann/user");
    assertThat(who(Access.ACCESS_USER, bearer(user), host(HOST_TOKEN)))
        .isEqualTo("HOST storage-1 ann/did:key:ann/user");
    assertThat(identity.questions).as("asked once, then known").hasValue(1);

    refused(Access.ACCESS_USER, Reasons.CREDENTIALS_MISSING, "authorization: Bearer <token>");
    refused(Access.ACCESS_USER, Reasons.CREDENTIALS_MISSING, "a user", host(HOST_TOKEN));
    refused(
        Access.ACCESS_USER,
        Reasons.CREDENTIALS_MISSING,
        "Bearer",
        header("authorization", "Basic YTpi"));
    refused(Access.ACCESS_USER, Reasons.TOKEN_INVALID, "the token is not valid", bearer("forged"));
    refused(Access.ACCESS_USER, Reasons.TOKEN_INVALID, "the token is not valid", bearer(""));
    assertThat(who(Access.ACCESS_USER, header("authorization", "bEARER  " + user)))
        .startsWith("LOCAL ann");
  }

  @Test
  void eitherOfTheTwoWillDoAndBothAreKnown() {
    assertThat(who(Access.ACCESS_USER_OR_HOST, host(HOST_TOKEN))).isEqualTo("HOST storage-1 -");
    assertThat(identity.questions).hasValue(0);
    assertThat(who(Access.ACCESS_USER_OR_HOST, bearer(user))).startsWith("LOCAL ann ann/");
    assertThat(who(Access.ACCESS_USER_OR_HOST, host(HOST_TOKEN), bearer(user)))
        .isEqualTo("HOST storage-1 ann/did:key:ann/user");

    refused(Access.ACCESS_USER_OR_HOST, Reasons.CREDENTIALS_MISSING, "a user or a host");
    refused(Access.ACCESS_USER_OR_HOST, Reasons.TOKEN_INVALID, "is not that of", host("forged"));
    refused(
        Access.ACCESS_USER_OR_HOST,
        Reasons.TOKEN_INVALID,
        "the token is not valid",
        host(HOST_TOKEN),
        bearer("forged"));
  }

  @Test
  void anAdminsMethodIsForAdmins() {
    assertThat(who(Access.ACCESS_ADMIN, bearer(admin))).contains("root/did:key:root/admin");
    refused(Access.ACCESS_ADMIN, Reasons.CREDENTIALS_MISSING, "a user");

    for (int i = 0; i < 2; i++) {
      // once as identity answers, once from memory
      StatusRuntimeException denied =
          assertThrows(StatusRuntimeException.class, () -> who(Access.ACCESS_ADMIN, bearer(user)));
      assertThat(denied.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(RpcStatus.reasonOf(denied)).contains(Reasons.ACCESS_DENIED);
      assertThat(denied.getStatus().getDescription()).contains("the role admin", "is user");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Access.class,
      names = {"ACCESS_USER", "ACCESS_USER_OR_HOST", "ACCESS_ADMIN"})
  void whatIdentityCannotTellIsUnavailable(Access access) {
    identity.failWith(
        RpcStatus.of(
                Status.Code.UNAVAILABLE, Reasons.DOMAIN, Reasons.SERVICE_STOPPED, "it is stopped")
            .asException());
    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> who(access, bearer("new")));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(RpcStatus.reasonOf(failure)).contains(Reasons.SERVICE_STOPPED);
    assertThat(failure.getStatus().getDescription())
        .startsWith("cannot check the token: identity")
        .contains("it is stopped");
  }

  @Test
  void aTokenThatIsKnownIsGoodWithoutIdentity() {
    assertThat(who(Access.ACCESS_USER, bearer(user))).startsWith("LOCAL ann");
    identity.failWith(Status.UNAVAILABLE.asRuntimeException());
    assertThat(who(Access.ACCESS_USER, bearer(user))).startsWith("LOCAL ann");
  }

  @Test
  void aCallTokenIsNothingOverTcp() {
    ManagedChannel tcp =
        NettyChannelBuilder.forAddress("127.0.0.1", fixture.endpoint.port()).usePlaintext().build();
    try {
      assertThat(who(tcp, Access.ACCESS_LOCAL, host(HOST_TOKEN))).isEqualTo("LOCAL  -");
      StatusRuntimeException failure =
          assertThrows(
              StatusRuntimeException.class, () -> who(tcp, Access.ACCESS_HOST, host(HOST_TOKEN)));
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(RpcStatus.reasonOf(failure)).contains(Reasons.CREDENTIALS_MISSING);
    } finally {
      tcp.shutdownNow();
    }
  }

  @Test
  void aCallThatWaitsForIdentityEndsWithItsCaller() throws Exception {
    identity.waitFor(new CountDownLatch(1));
    ListenableFuture<String> call =
        ClientCalls.futureUnaryCall(
            with(channel, bearer(user))
                .newCall(GuardedService.method(Access.ACCESS_USER), EndpointFixture.options()),
            "");
    Await.until("identity is asked", () -> identity.questions.get() == 1);

    call.cancel(true);

    Await.open(identity.cancelled);
    Await.until("no call is left", () -> fixture.calls.active() == 0);
  }

  @Test
  void aCallThatWaitsForIdentityKeepsItsDeadline() throws Exception {
    identity.waitFor(new CountDownLatch(1));
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    with(channel, bearer(user)),
                    GuardedService.method(Access.ACCESS_USER),
                    CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS),
                    ""));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    Await.until("no call is left", () -> fixture.calls.active() == 0);
  }

  @Test
  void callsThatWaitForOneAnswerKeepTheirOwnDeadlines() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    identity.waitFor(gate);
    ListenableFuture<String> patient = whoLater(EndpointFixture.options());
    Await.until("identity is asked", () -> identity.questions.get() == 1);
    ListenableFuture<String> hurried =
        whoLater(CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS));

    assertThat(hurried)
        .failsWithin(java.time.Duration.ofSeconds(20))
        .withThrowableThat()
        .withMessageContaining("DEADLINE_EXCEEDED");
    gate.countDown();

    assertThat(patient.get(20, TimeUnit.SECONDS)).startsWith("LOCAL ann");
    assertThat(identity.questions).hasValue(1);
  }

  private ListenableFuture<String> whoLater(CallOptions options) {
    return ClientCalls.futureUnaryCall(
        with(channel, bearer(user)).newCall(GuardedService.method(Access.ACCESS_USER), options),
        "");
  }

  private ListenableFuture<String> whoLater(Access access, Metadata... headers) {
    return ClientCalls.futureUnaryCall(
        with(channel, headers).newCall(GuardedService.method(access), EndpointFixture.options()),
        "");
  }

  @Test
  void aStreamThatWaitsForIdentityLosesNothing() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    identity.waitFor(gate);
    CompletableFuture<String> answer = new CompletableFuture<>();
    StreamObserver<String> requests =
        ClientCalls.asyncClientStreamingCall(
            with(channel, bearer(user))
                .newCall(GuardedService.collect(), EndpointFixture.options()),
            observer(answer));
    for (int i = 0; i < 200; i++) {
      requests.onNext(i + " ");
    }
    requests.onCompleted();
    Await.until("identity is asked", () -> identity.questions.get() == 1);
    gate.countDown();

    StringBuilder expected = new StringBuilder("ann:");
    for (int i = 0; i < 200; i++) {
      expected.append(i).append(' ');
    }
    assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(expected.toString());
  }

  @Test
  void aHandlerThatFailsAfterTheWaitIsAnsweredFor() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    var unused =
        ClientCalls.asyncClientStreamingCall(
            with(channel, bearer(user)).newCall(GuardedService.broken(), EndpointFixture.options()),
            observer(answer));
    assertThat(answer)
        .failsWithin(java.time.Duration.ofSeconds(20))
        .withThrowableThat()
        .havingCause()
        .satisfies(
            failure -> assertThat(RpcStatus.reasonOf(failure)).contains(Reasons.HANDLER_FAILED));
  }

  private static StreamObserver<String> observer(CompletableFuture<String> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String value) {
        answer.complete(value);
      }

      @Override
      public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    };
  }

  private void refused(Access access, String reason, String words, Metadata... headers) {
    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> who(access, headers));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(RpcStatus.reasonOf(failure)).contains(reason);
    assertThat(failure.getStatus().getDescription()).contains(words);
  }

  private String who(Access access, Metadata... headers) {
    return who(channel, access, headers);
  }

  private static String who(ManagedChannel channel, Access access, Metadata... headers) {
    return ClientCalls.blockingUnaryCall(
        with(channel, headers), GuardedService.method(access), EndpointFixture.options(), "");
  }

  private static Channel with(ManagedChannel channel, Metadata... headers) {
    Metadata all = new Metadata();
    for (Metadata each : headers) {
      all.merge(each);
    }
    return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(all));
  }

  private static Metadata host(String token) {
    return header(CallerIdentity.CALL_TOKEN_HEADER, token);
  }

  private static Metadata bearer(String token) {
    return header("authorization", "Bearer " + token);
  }

  private static Metadata header(String name, String value) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return headers;
  }
}
