package blackhole.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthStatus;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.identity.call.Call;
import blackhole.identity.v1.AuthRequest;
import blackhole.identity.v1.AuthResponse;
import blackhole.identity.v1.DIDDocument;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.IdentityGrpc.IdentityBlockingStub;
import blackhole.identity.v1.RegisterRequest;
import blackhole.identity.v1.RegisterResponse;
import blackhole.identity.v1.ResolveDIDRequest;
import blackhole.identity.v1.ValidateTokenRequest;
import blackhole.identity.v1.ValidateTokenResponse;
import blackhole.testkit.TestHost;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over gRPC, as a caller sees it. */
class IdentityServiceTest {
  private final MutableClock clock = new MutableClock();
  private HealthReport report =
      new HealthReport(HealthStatus.HEALTHY, "", Duration.ofSeconds(7), Map.of("threads", 9.0));

  private IdentityCore core;
  private Server server;
  private ManagedChannel channel;
  private IdentityBlockingStub identity;

  @TempDir Path data;

  @BeforeEach
  void start() throws IOException {
    start(TestConfig.cheap());
  }

  private void start(IdentityCore.Config config) throws IOException {
    TestHost host = new TestHost("identity", data);
    core = new IdentityCore(host, config, clock);
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .addService(new IdentityService(core, host, () -> report))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
    identity = IdentityGrpc.newBlockingStub(channel);
  }

  private void restart(IdentityCore.Config config) throws IOException {
    stop();
    start(config);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    core.close();
  }

  private RegisterResponse register(String username, String password) {
    return identity.register(
        RegisterRequest.newBuilder().setUsername(username).setPassword(password).build());
  }

  private AuthResponse authenticate(String username, String password) {
    return identity.authenticate(
        AuthRequest.newBuilder().setUsername(username).setPassword(password).build());
  }

  private ValidateTokenResponse validate(String token) {
    return identity.validateToken(ValidateTokenRequest.newBuilder().setToken(token).build());
  }

  private DIDDocument resolve(String did) {
    return identity.resolveDID(ResolveDIDRequest.newBuilder().setDid(did).build());
  }

  private interface Rpc {
    Object run();
  }

  private static StatusRuntimeException failure(Rpc rpc, Status.Code code) {
    try {
      rpc.run();
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(code);
      assertThat(e.getStatus().getDescription()).isNotBlank();
      return e;
    }
    throw new AssertionError("it did not fail");
  }

  private static void assertReason(StatusRuntimeException failure, String reason)
      throws InvalidProtocolBufferException {
    ErrorInfo info = detail(failure, ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo(reason);
    assertThat(info.getDomain()).isEqualTo("blackhole.identity.v1");
  }

  private static <T extends Message> T detail(StatusRuntimeException failure, Class<T> type)
      throws InvalidProtocolBufferException {
    for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (detail.is(type)) {
        return detail.unpack(type);
      }
    }
    throw new AssertionError("no " + type + " in " + failure.getTrailers());
  }

  @Test
  void goesTheWholeWay() {
    RegisterResponse alice = register("alice", "correct horse");
    AuthResponse session = authenticate("Alice", "correct horse");
    assertThat(session.getExpiresAt()).isEqualTo(clock.instant().getEpochSecond() + 3600);
    assertThat(validate(session.getToken()))
        .isEqualTo(
            ValidateTokenResponse.newBuilder()
                .setUserId(alice.getUserId())
                .setDid(alice.getDid())
                .setRole("user")
                .build());

    DIDDocument document = resolve(alice.getDid());
    String multibase = alice.getDid().substring("did:key:".length());
    assertThat(document.getId()).isEqualTo(alice.getDid());
    assertThat(document.getVerificationMethodList()).hasSize(2);
    var method = document.getVerificationMethod(0);
    assertThat(method.getId()).isEqualTo(alice.getDid() + "#" + multibase);
    assertThat(method.getType()).isEqualTo("Ed25519VerificationKey2020");
    assertThat(method.getController()).isEqualTo(alice.getDid());
    assertThat(method.getPublicKeyMultibase()).isEqualTo(multibase);
    var json = JsonParser.parseString(document.getDocumentJson()).getAsJsonObject();
    assertThat(json.get("id").getAsString()).isEqualTo(alice.getDid());
  }

  @Test
  void keepsUsersAndTokensOverARestart() throws IOException {
    register("alice", "correct horse");
    String token = authenticate("alice", "correct horse").getToken();
    restart(TestConfig.cheap());
    assertThat(validate(token).getRole()).isEqualTo("user");
    assertThat(authenticate("alice", "correct horse").getToken()).isNotEmpty();
  }

  @Test
  void saysWhichFieldsAreWrong() throws Exception {
    var failure = failure(() -> register("", "short"), Status.Code.INVALID_ARGUMENT);
    assertThat(detail(failure, BadRequest.class).getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .containsExactly("username", "password");
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("username must not be empty; password must have at least 8 characters");
    assertReason(failure, "INVALID_REQUEST");
  }

  @Test
  void saysThatANameIsTaken() throws Exception {
    register("alice", "correct horse");
    var failure = failure(() -> register("ALICE", "battery staple"), Status.Code.ALREADY_EXISTS);
    assertThat(failure.getStatus().getDescription()).contains("'ALICE' is taken");
    assertReason(failure, "NAME_TAKEN");
  }

  @Test
  void saysTheSameToAWrongPasswordAndAnUnknownUser() throws Exception {
    register("alice", "correct horse");
    var wrong = failure(() -> authenticate("alice", "nonsense"), Status.Code.UNAUTHENTICATED);
    var unknown = failure(() -> authenticate("bob", "nonsense"), Status.Code.UNAUTHENTICATED);
    assertThat(unknown.getStatus().getDescription()).isEqualTo(wrong.getStatus().getDescription());
    assertThat(unknown.getTrailers().keys()).isEqualTo(wrong.getTrailers().keys());
    assertThat(StatusProto.fromThrowable(unknown)).isEqualTo(StatusProto.fromThrowable(wrong));
    assertReason(wrong, "BAD_CREDENTIALS");
  }

  @Test
  void saysWhenToComeBackAfterTooManyFailures() throws Exception {
    register("alice", "correct horse");
    // the next has to wait for four seconds, of which a busy machine may spend some on the way
    for (int i = 0; i < 6; i++) {
      failure(() -> authenticate("alice", "nonsense"), Status.Code.UNAUTHENTICATED);
    }
    var failure =
        failure(
            () ->
                identity
                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                    .authenticate(
                        AuthRequest.newBuilder()
                            .setUsername("alice")
                            .setPassword("correct horse")
                            .build()),
            Status.Code.RESOURCE_EXHAUSTED);
    assertThat(detail(failure, RetryInfo.class).getRetryDelay().getSeconds()).isBetween(2L, 4L);
    assertThat(failure.getTrailers().get(Statuses.RETRY_PUSHBACK)).isNotNull();
    assertReason(failure, "THROTTLED");
  }

  @Test
  void refusesATokenThatIsForgedOrHasExpired() throws Exception {
    register("alice", "correct horse");
    String token = authenticate("alice", "correct horse").getToken();
    failure(() -> validate(token + "x"), Status.Code.UNAUTHENTICATED);
    failure(() -> validate(""), Status.Code.UNAUTHENTICATED);
    clock.advance(Duration.ofHours(1));
    var expired = failure(() -> validate(token), Status.Code.UNAUTHENTICATED);
    assertThat(expired.getStatus().getDescription()).contains("expired");
    assertReason(expired, "INVALID_TOKEN");
  }

  @Test
  void resolvesOnlyDidsOfItsUsers() throws Exception {
    assertReason(
        failure(() -> resolve("did:web:example.org"), Status.Code.INVALID_ARGUMENT), "INVALID_DID");
    var failure = failure(() -> resolve(""), Status.Code.INVALID_ARGUMENT);
    assertThat(detail(failure, BadRequest.class).getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .containsExactly("did");
    assertReason(
        failure(
            () -> resolve("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"),
            Status.Code.NOT_FOUND),
        "UNKNOWN_DID");
    failure(
        () -> resolve("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"),
        Status.Code.NOT_FOUND);
  }

  @Test
  void reportsTheHostsHealth() {
    report =
        new HealthReport(
            HealthStatus.DEGRADED, "slow", Duration.ofSeconds(61), Map.of("threads", 9.0));
    for (String name : new String[] {"", "identity", "blackhole.identity.v1.Identity"}) {
      assertThat(identity.health(HealthRequest.newBuilder().setService(name).build()))
          .isEqualTo(
              HealthResponse.newBuilder()
                  .setStatus("degraded")
                  .setMessage("slow")
                  .setUptimeSeconds(61)
                  .putMetrics("threads", 9.0)
                  .build());
    }
    failure(
        () -> identity.health(HealthRequest.newBuilder().setService("other").build()),
        Status.Code.NOT_FOUND);
  }

  @Test
  void checksItsStore() throws IOException {
    StoreHealthCheck check = new StoreHealthCheck(core);
    assertThat(check.check().status()).isEqualTo(HealthStatus.HEALTHY);
    core.close();
    assertThat(check.check().status()).isEqualTo(HealthStatus.UNHEALTHY);
    assertThat(check.check().message()).isNotBlank();
  }

  @Test
  void isUnavailableWhenStopped() {
    core.close();
    failure(() -> authenticate("alice", "correct horse"), Status.Code.UNAVAILABLE);
    failure(() -> register("alice", "correct horse"), Status.Code.UNAVAILABLE);
  }

  @Test
  void tellsNoStrangerWhatWentWrongInside() throws Exception {
    report = null;
    var failure =
        failure(() -> identity.health(HealthRequest.getDefaultInstance()), Status.Code.INTERNAL);
    assertThat(failure.getStatus().getDescription()).isEqualTo("identity failed; its log says why");
  }

  @Test
  void declaresWhichMethodsMayBeRetried() {
    Map<String, IdempotencyLevel> declared =
        Map.of(
            "Register", IdempotencyLevel.IDEMPOTENCY_UNKNOWN,
            "Authenticate", IdempotencyLevel.IDEMPOTENT,
            "ValidateToken", IdempotencyLevel.NO_SIDE_EFFECTS,
            "ResolveDID", IdempotencyLevel.NO_SIDE_EFFECTS,
            "Health", IdempotencyLevel.NO_SIDE_EFFECTS);
    var methods = IdentityGrpc.getServiceDescriptor().getMethods();
    assertThat(methods).hasSize(declared.size());
    assertThat(methods)
        .allSatisfy(
            method -> {
              var descriptor =
                  ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
                      .getMethodDescriptor();
              assertThat(descriptor.getOptions().hasIdempotencyLevel()).isTrue();
              assertThat(descriptor.getOptions().getIdempotencyLevel())
                  .isEqualTo(declared.get(descriptor.getName()));
            });
  }

  @Test
  void givesTokensTheConfiguredLifetime() throws IOException {
    register("alice", "correct horse");
    restart(TestConfig.cheap("tokenLifetime", 90_000L));
    AuthResponse session = authenticate("alice", "correct horse");
    assertThat(session.getExpiresAt()).isEqualTo(clock.instant().getEpochSecond() + 90);
    clock.advance(Duration.ofSeconds(90));
    failure(() -> validate(session.getToken()), Status.Code.UNAUTHENTICATED);
  }

  @Test
  void changesTheSigningKeyAfterTheConfiguredTime() throws IOException {
    register("alice", "correct horse");
    restart(TestConfig.cheap("keyRotation", 600_000L));
    String before = authenticate("alice", "correct horse").getToken();
    clock.advance(Duration.ofMinutes(10));
    String after = authenticate("alice", "correct horse").getToken();
    assertThat(header(after)).isNotEqualTo(header(before));
    assertThat(validate(before).getUserId()).isEqualTo(validate(after).getUserId());
  }

  private static String header(String token) {
    return token.substring(0, token.indexOf('.'));
  }

  @Test
  void hashesAtTheConfiguredCostAndRenewsOldHashes() throws Exception {
    register("alice", "correct horse");
    restart(TestConfig.cheap("hashMemory", 131072L, "hashIterations", 3, "hashParallelism", 2));
    register("bob", "correct horse");
    authenticate("alice", "correct horse");
    stop();
    String database = new String(Files.readAllBytes(data.resolve("identity.db")), "ISO-8859-1");
    assertThat(database.split("\\$argon2id\\$v=19\\$m=128,t=3,p=2\\$")).hasSizeGreaterThan(2);
  }

  @Test
  void startsWithNoBadSetting() {
    for (Object[] bad :
        new Object[][] {
          {"databasePoolSize", 0, "database_pool_size"},
          {"cacheSize", 1L, "cache_size"},
          {"tokenLifetime", -1L, "token_lifetime"},
          {"hashMemory", Runtime.getRuntime().maxMemory(), "hash_memory"}
        }) {
      IdentityCore.Config config = TestConfig.cheap(bad[0], bad[1]);
      assertThatThrownBy(() -> new IdentityCore(new TestHost("identity", data), config, Map.of()))
          .as(Arrays.toString(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("custom." + bad[2]);
    }
  }

  @Test
  void sharesTheConfiguredCacheOutToTheConfiguredConnections() throws IOException {
    Call call = Call.within(Duration.ofSeconds(30));
    restart(TestConfig.cheap("databasePoolSize", 8, "cacheSize", 64L << 20));
    assertThat(core.users().pragma("cache_size", call)).isEqualTo("-8192");
    restart(TestConfig.cheap("databasePoolSize", 2, "cacheSize", 16L << 20));
    assertThat(core.users().pragma("cache_size", call)).isEqualTo("-8192");
    restart(TestConfig.cheap("databasePoolSize", 2, "cacheSize", 64L << 20));
    assertThat(core.users().pragma("cache_size", call)).isEqualTo("-32768");
  }

  @Test
  void failsAtOnceWhatWaitsForItsTurnWhenItStops() throws Exception {
    for (int i = 0; i < 5; i++) {
      failure(() -> authenticate("alice", "nonsense"), Status.Code.UNAUTHENTICATED);
    }
    Call call = Call.within(Duration.ofSeconds(60));
    var waiting = core.authenticate("alice", "nonsense", call); // two seconds from now
    core.close();
    assertThat(waiting).isCompletedExceptionally();
    assertThat(waiting.handle((token, e) -> Statuses.of(e).getStatus().getCode()).join())
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(core.authenticate("alice", "nonsense", call)).isCompletedExceptionally();
  }
}
