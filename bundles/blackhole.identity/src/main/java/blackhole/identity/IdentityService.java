package blackhole.identity;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthReporter;
import blackhole.api.service.HostInfo;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.identity.call.Call;
import blackhole.identity.did.DidDocument;
import blackhole.identity.token.Principal;
import blackhole.identity.v1.AuthRequest;
import blackhole.identity.v1.AuthResponse;
import blackhole.identity.v1.DIDDocument;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.RegisterRequest;
import blackhole.identity.v1.RegisterResponse;
import blackhole.identity.v1.ResolveDIDRequest;
import blackhole.identity.v1.ValidateTokenRequest;
import blackhole.identity.v1.ValidateTokenResponse;
import blackhole.identity.v1.VerificationMethod;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The gRPC face: takes requests apart, and puts answers and statuses together. */
@Component(service = BindableService.class)
public final class IdentityService extends IdentityGrpc.IdentityImplBase {
  /** How long a call without a deadline of its own may take. */
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

  private final IdentityCore core;
  private final HostInfo host;
  private final HealthReporter health;

  @Activate
  public IdentityService(
      @Reference IdentityCore core, @Reference HostInfo host, @Reference HealthReporter health) {
    this.core = core;
    this.host = host;
    this.health = health;
  }

  @Override
  public void register(RegisterRequest request, StreamObserver<RegisterResponse> observer) {
    Call call = begin(observer);
    answerLater(
        observer,
        core.register(request.getUsername(), request.getPassword(), call)
            .thenApply(
                user ->
                    RegisterResponse.newBuilder().setUserId(user.id()).setDid(user.did()).build()));
  }

  @Override
  public void authenticate(AuthRequest request, StreamObserver<AuthResponse> observer) {
    Call call = begin(observer);
    answerLater(
        observer,
        core.authenticate(request.getUsername(), request.getPassword(), call)
            .thenApply(
                token ->
                    AuthResponse.newBuilder()
                        .setToken(token.text())
                        .setExpiresAt(token.expiresAt().getEpochSecond())
                        .build()));
  }

  @Override
  public void validateToken(
      ValidateTokenRequest request, StreamObserver<ValidateTokenResponse> observer) {
    answer(
        observer,
        () -> {
          Principal principal = core.validate(request.getToken());
          return ValidateTokenResponse.newBuilder()
              .setUserId(principal.userId())
              .setDid(principal.did())
              .setRole(principal.role())
              .build();
        });
  }

  @Override
  public void resolveDID(ResolveDIDRequest request, StreamObserver<DIDDocument> observer) {
    Call call = begin(observer);
    answer(observer, () -> message(core.resolve(request.getDid(), call)));
  }

  @Override
  public void health(HealthRequest request, StreamObserver<HealthResponse> observer) {
    answer(
        observer,
        () -> {
          checkService(request.getService());
          return message(health.report());
        });
  }

  private void checkService(String name) {
    if (!name.isEmpty()
        && !name.equals(host.service())
        && !name.equals(IdentityGrpc.SERVICE_NAME)) {
      throw Status.NOT_FOUND
          .withDescription("no service '" + name + "' here, only '" + host.service() + "'")
          .asRuntimeException();
    }
  }

  private static DIDDocument message(DidDocument document) {
    DIDDocument.Builder message =
        DIDDocument.newBuilder().setId(document.id()).setDocumentJson(document.json());
    for (DidDocument.VerificationMethod method : document.verificationMethods()) {
      message.addVerificationMethod(
          VerificationMethod.newBuilder()
              .setId(method.id())
              .setType(method.type())
              .setController(method.controller())
              .setPublicKeyMultibase(method.publicKeyMultibase()));
    }
    return message.build();
  }

  private static HealthResponse message(HealthReport report) {
    return HealthResponse.newBuilder()
        .setStatus(report.status().name().toLowerCase(Locale.ROOT))
        .setMessage(report.message())
        .setUptimeSeconds(report.uptime().toSeconds())
        .putAllMetrics(report.metrics())
        .build();
  }

  /** The caller's patience: its deadline, bounded, and whether it is still there. */
  private static Call begin(StreamObserver<?> observer) {
    Deadline deadline = Context.current().getDeadline();
    long limit = DEFAULT_LIMIT.toNanos();
    if (deadline != null) {
      limit = Math.min(limit, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    Call call = Call.within(Duration.ofNanos(Math.max(0, limit)));
    // also lets an answer that comes too late pass without an exception
    ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(call::cancel);
    return call;
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
    T message;
    try {
      message = answer.get();
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    observer.onNext(message);
    observer.onCompleted();
  }

  private static <T> void answerLater(StreamObserver<T> observer, CompletionStage<T> answer) {
    answer.whenComplete(
        (message, failure) -> {
          if (failure != null) {
            observer.onError(Statuses.of(failure));
          } else {
            observer.onNext(message);
            observer.onCompleted();
          }
        });
  }
}
