package blackhole.endpoint;

import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.Channels;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.ValidateTokenRequest;
import blackhole.identity.v1.ValidateTokenResponse;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An identity service in this process, which knows the tokens that a test gives it. */
public final class FakeIdentity implements Channels, AutoCloseable {
  private final Map<String, ValidateTokenResponse> good = new ConcurrentHashMap<>();
  private final Server server;
  private final ManagedChannel channel;
  private volatile @Nullable RuntimeException failure;
  private volatile @Nullable CountDownLatch gate;

  /** How often it was asked. */
  public final AtomicInteger questions = new AtomicInteger();

  /** Opens when a question is taken back. */
  public final CountDownLatch cancelled = new CountDownLatch(1);

  public FakeIdentity() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).addService(new Service()).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  /** A token of the right form, which will be found good; only its claims are real. */
  public String issue(String user, String role, Instant expiresAt) {
    String claims = "{\"sub\":\"" + user + "\",\"exp\":" + expiresAt.getEpochSecond() + "}";
    String payload =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    String token = "e30." + payload + ".c2ln";
    accept(token, user, role);
    return token;
  }

  public void accept(String token, String user, String role) {
    good.put(
        token,
        ValidateTokenResponse.newBuilder()
            .setUserId(user)
            .setDid("did:key:" + user)
            .setRole(role)
            .build());
  }

  /**
   * @param failure null to answer again
   */
  public void failWith(@Nullable RuntimeException failure) {
    this.failure = failure;
  }

  /** Answers nothing until the latch opens. */
  public void waitFor(CountDownLatch latch) {
    gate = latch;
  }

  @Override
  public Channel to(String service) {
    if (!service.equals("identity")) {
      throw new IllegalArgumentException(service);
    }
    return channel;
  }

  @Override
  public Channel to(String service, UnaryOperator<CallPolicy> override) {
    return to(service);
  }

  @Override
  public void close() {
    CountDownLatch closed = gate;
    if (closed != null) {
      closed.countDown();
    }
    channel.shutdownNow();
    server.shutdownNow();
  }

  private final class Service extends IdentityGrpc.IdentityImplBase {
    @Override
    public void validateToken(
        ValidateTokenRequest request, StreamObserver<ValidateTokenResponse> observer) {
      ((ServerCallStreamObserver<ValidateTokenResponse>) observer)
          .setOnCancelHandler(cancelled::countDown);
      questions.incrementAndGet();
      CountDownLatch closed = gate;
      if (closed == null) {
        answer(request.getToken(), observer);
        return;
      }
      new Thread(
              () -> {
                try {
                  Await.open(closed);
                  answer(request.getToken(), observer);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "fake-identity")
          .start();
    }

    private void answer(String token, StreamObserver<ValidateTokenResponse> observer) {
      RuntimeException broken = failure;
      ValidateTokenResponse response = good.get(token);
      if (broken != null) {
        observer.onError(broken);
      } else if (response == null) {
        observer.onError(
            Status.UNAUTHENTICATED
                .withDescription("the token is not valid: " + token)
                .asRuntimeException());
      } else {
        observer.onNext(response);
        observer.onCompleted();
      }
    }
  }
}
