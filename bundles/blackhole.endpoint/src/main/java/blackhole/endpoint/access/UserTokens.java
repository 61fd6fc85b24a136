package blackhole.endpoint.access;

import blackhole.api.rpc.Channels;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.service.Caller;
import blackhole.endpoint.call.DaemonThreads;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.ValidateTokenRequest;
import blackhole.identity.v1.ValidateTokenResponse;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The users behind Bearer tokens, as identity says. A good answer is kept until the token expires,
 * a bad one not at all: a token that is refused may become good (identity's instances learn of each
 * other's keys), and whoever sends forged ones pays for each. Thread-safe.
 */
final class UserTokens implements AutoCloseable {
  /** At 500 bytes a token a few megabytes; the least used go first. */
  private static final int MAX_KNOWN = 4096;

  /** What came of asking identity. */
  sealed interface Verdict {
    record Valid(Caller.User user) implements Verdict {}

    record Refused(RpcStatus status) implements Verdict {}
  }

  /** Called once, on a thread that may block. */
  interface Asker {
    void answered(Verdict verdict);
  }

  private record Known(Caller.User user, Instant expiresAt) {}

  private final Supplier<@Nullable Channels> channels;
  private final InstantSource clock;
  private final Cache<String, Known> known =
      CacheBuilder.newBuilder().maximumSize(MAX_KNOWN).build();

  /** What follows an answer may be a handler's code. */
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DaemonThreads("blackhole-access"));

  /**
   * @param channels to identity; gives null while there are none
   */
  UserTokens(Supplier<@Nullable Channels> channels, InstantSource clock) {
    this.channels = channels;
    this.clock = clock;
  }

  /** The user of a token that was found good earlier, and has not expired; null for others. */
  Caller.@Nullable User recall(String token) {
    Known found = known.getIfPresent(token);
    if (found == null) {
      return null;
    }
    if (!clock.instant().isBefore(found.expiresAt())) {
      known.invalidate(token);
      return null;
    }
    return found.user();
  }

  /** Asks identity, within the deadline of the current context, and as long as it lasts. */
  void ask(String token, Asker asker) {
    Channels out = channels.get();
    if (out == null) {
      asker.answered(new Verdict.Refused(AccessAnswers.cannotAsk()));
      return;
    }
    IdentityGrpc.newStub(out.to("identity"))
        .withExecutor(threads)
        .validateToken(
            ValidateTokenRequest.newBuilder().setToken(token).build(), new Answer(token, asker));
  }

  private Verdict accept(String token, ValidateTokenResponse response) {
    Caller.User user = new Caller.User(response.getUserId(), response.getDid(), response.getRole());
    TokenExpiry.of(token)
        .ifPresent(seconds -> known.put(token, new Known(user, Instant.ofEpochSecond(seconds))));
    return new Verdict.Valid(user);
  }

  private static Verdict refuse(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    return new Verdict.Refused(
        status.getCode() == Status.Code.UNAUTHENTICATED
            ? AccessAnswers.tokenInvalid(status.getDescription())
            : AccessAnswers.unchecked(failure));
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  /** One answer of identity's. */
  private final class Answer implements StreamObserver<ValidateTokenResponse> {
    private final String token;
    private final Asker asker;
    private @Nullable ValidateTokenResponse response;

    Answer(String token, Asker asker) {
      this.token = token;
      this.asker = asker;
    }

    @Override
    public void onNext(ValidateTokenResponse value) {
      response = value;
    }

    @Override
    public void onError(Throwable failure) {
      asker.answered(refuse(failure));
    }

    @Override
    public void onCompleted() {
      asker.answered(
          response == null
              ? refuse(Status.INTERNAL.withDescription("no message").asException())
              : accept(token, response));
    }
  }
}
