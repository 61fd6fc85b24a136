package blackhole.endpoint.access;

import blackhole.api.observe.TraceContext;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.rpc.ServerCallScope;
import blackhole.api.service.Caller;
import blackhole.endpoint.call.DaemonThreads;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.ValidateTokenRequest;
import blackhole.identity.v1.ValidateTokenResponse;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The users behind Bearer tokens, as identity says. A good answer is kept until the token expires,
 * and for at most {@link #LONGEST}; a bad one not at all: a token that is refused may become good
 * (identity's instances learn of each other's keys), and whoever sends forged ones pays for each.
 *
 * <p>Who asks about a token while identity is being asked about it waits for the same answer, good
 * or bad. Thread-safe.
 */
final class UserTokens implements AutoCloseable {
  /** At 500 bytes a token a few megabytes; the least used go first. */
  private static final int MAX_KNOWN = 4096;

  /**
   * For so long a user who was deactivated, or has another role, may still be let in as before. A
   * token lasts for hours, and one question in five minutes costs nothing.
   */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** What came of asking identity. */
  sealed interface Verdict {
    record Valid(Caller.User user) implements Verdict {}

    record Refused(RpcStatus status) implements Verdict {}
  }

  /** Called once, on a thread that may block; never, once its context has ended. */
  interface Asker {
    void answered(Verdict verdict);
  }

  private record Known(Caller.User user, Instant until) {}

  private final Supplier<@Nullable Channels> channels;
  private final InstantSource clock;
  private final Cache<String, Known> known =
      CacheBuilder.newBuilder().maximumSize(MAX_KNOWN).build();

  /** What identity is being asked, by token. */
  private final Map<String, Question> open = new ConcurrentHashMap<>();

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
    if (!clock.instant().isBefore(found.until())) {
      known.invalidate(token);
      return null;
    }
    return found.user();
  }

  /**
   * Asks identity, or waits with those who have asked already, as long as the current context
   * lasts. Its deadline and its end are the asker's alone: the question goes on as long as anybody
   * waits.
   */
  void ask(String token, Asker asker) {
    Channels out = channels.get();
    if (out == null) {
      asker.answered(new Verdict.Refused(AccessAnswers.cannotAsk()));
      return;
    }
    while (true) {
      Question question = open.computeIfAbsent(token, Question::new);
      if (question.join(asker, out)) {
        return;
      }
      // it has just been answered, or nobody waited for it any more
      open.remove(token, question);
    }
  }

  private Verdict accept(String token, ValidateTokenResponse response) {
    Caller.User user = new Caller.User(response.getUserId(), response.getDid(), response.getRole());
    TokenExpiry.of(token).ifPresent(seconds -> known.put(token, new Known(user, until(seconds))));
    return new Verdict.Valid(user);
  }

  private Instant until(long expirySeconds) {
    Instant longest = clock.instant().plus(LONGEST);
    return expirySeconds < longest.getEpochSecond()
        ? Instant.ofEpochSecond(expirySeconds)
        : longest;
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

  /**
   * One question about one token. It is asked in a context of its own, so that whoever came first
   * may leave without taking the answer from the others; it is taken back when the last has left.
   */
  private final class Question implements StreamObserver<ValidateTokenResponse> {
    private final String token;
    private final ServerCallScope scope = new ServerCallScope();
    private final Context.CancellableContext context = scope.in(Context.ROOT).withCancellation();
    private @Nullable ValidateTokenResponse response;

    // guarded by this
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private boolean asked;
    private boolean over;

    Question(String token) {
      this.token = token;
    }

    /** Whether this asker will be answered; false when it is too late for that. */
    boolean join(Asker asker, Channels out) {
      Waiting joined = new Waiting(this, asker, Context.current());
      boolean first;
      synchronized (this) {
        if (over) {
          return false;
        }
        waiting.add(joined);
        first = !asked;
        asked = true;
      }
      joined.follow();
      if (first) {
        // of the trace of who came first, who waits for it
        TraceContext.carriedInto(context).run(() -> ask(out));
      }
      return true;
    }

    /** The deadline is that of identity's policy; no asker's is good for the others. */
    private void ask(Channels out) {
      try {
        IdentityGrpc.newStub(out.to("identity"))
            .withExecutor(threads)
            .validateToken(ValidateTokenRequest.newBuilder().setToken(token).build(), this);
      } catch (RuntimeException e) {
        // the others must not wait for a question that was never asked
        onError(e);
      }
    }

    void leave(Waiting who) {
      synchronized (this) {
        if (!waiting.remove(who) || over || !waiting.isEmpty()) {
          return;
        }
        over = true;
      }
      open.remove(token, this);
      context.cancel(null);
    }

    private void answer(Verdict verdict) {
      List<Waiting> all;
      synchronized (this) {
        over = true;
        all = List.copyOf(waiting);
        waiting.clear();
      }
      open.remove(token, this);
      context.close();
      if (scope.hasDownstreamFailed()) {
        all.forEach(Waiting::downstreamFailed);
      }
      // what follows may block: each on a thread of its own, the first on this one
      all.stream().skip(1).forEach(each -> threads.execute(() -> each.answered(verdict)));
      all.stream().findFirst().ifPresent(each -> each.answered(verdict));
    }

    @Override
    public void onNext(ValidateTokenResponse value) {
      response = value;
    }

    @Override
    public void onError(Throwable failure) {
      answer(refuse(failure));
    }

    @Override
    public void onCompleted() {
      answer(
          response == null
              ? refuse(Status.INTERNAL.withDescription("no message").asException())
              : accept(token, response));
    }
  }

  /** One who waits for an answer, until its call ends. */
  private static final class Waiting implements Context.CancellationListener {
    private final Question question;
    private final Asker asker;
    private final Context context;

    Waiting(Question question, Asker asker, Context context) {
      this.question = question;
      this.asker = asker;
      this.context = context;
    }

    void follow() {
      context.addListener(this, Runnable::run);
    }

    /** The question was retried as often as it is worth: so the call is not to be. */
    void downstreamFailed() {
      context.run(
          () -> {
            ServerCallScope scope = ServerCallScope.current();
            if (scope != null) {
              scope.downstreamFailed();
            }
          });
    }

    void answered(Verdict verdict) {
      context.removeListener(this);
      asker.answered(verdict);
    }

    @Override
    public void cancelled(Context ended) {
      question.leave(this);
    }
  }
}
