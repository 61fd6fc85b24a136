package blackhole.itest.node;

import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.ValidateTokenRequest;
import blackhole.ledger.v1.AppendRequest;
import blackhole.ledger.v1.LedgerGrpc;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The story of the tour, told by one user after the other: each registers, authenticates, stores a
 * document and has the ledger record it. A call that does not reach its service is made again, as
 * the methods allow, until it is answered. Thread-safe.
 */
final class Stories {
  /** How many calls there are in a story. */
  static final int STEPS = 4;

  /** A story that was told to its end. */
  record Story(String user, String token, String did, String document, String cid) {
    /** It stands in this document only. */
    String word() {
      return user;
    }
  }

  private final Channel identity;
  private final Channel storage;
  private final Channel events;
  private final Channel ledger;

  // guarded by this
  private final List<Story> told = new ArrayList<>();
  private int begun;

  Stories(TestNode node) {
    identity = node.channel("identity");
    storage = node.channel("storage");
    events = node.channel("events");
    ledger = node.channel("ledger");
  }

  synchronized List<Story> told() {
    return List.copyOf(told);
  }

  private synchronized String nextUser() {
    return "teller" + begun++;
  }

  /**
   * Tells one more.
   *
   * @param step called before each call of the story
   */
  void tell(Runnable step) {
    String user = nextUser();
    step.run();
    String unused = insist(user + " registers", () -> registerOnce(user));
    step.run();
    String token = insist(user + " authenticates", () -> Users.authenticate(identity, user));
    step.run();
    String document = "Light does not leave a black hole, but this " + user + " does.";
    String cid = insist(user + " stores", () -> blobs(token).put(document).getCid());
    step.run();
    String did = insist("the ledger records for " + user, () -> record(user, token, cid));
    synchronized (this) {
      told.add(new Story(user, token, did, document, cid));
    }
  }

  void register(String user) {
    Users.register(identity, user);
  }

  /** Not idempotent: that the name is taken means here that the lost answer was a yes. */
  private String registerOnce(String user) {
    try {
      register(user);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw e;
      }
    }
    return user;
  }

  Blobs blobs(String token) {
    return new Blobs(storage, events, token);
  }

  /** Gives the author that the ledger has of the entry. */
  private String record(String user, String token, String cid) {
    return LedgerGrpc.newBlockingStub(ledger)
        .withInterceptors(bearer(token))
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .append(
            AppendRequest.newBuilder()
                .setAccount(user)
                .setType("document.stored")
                .setKey(cid)
                .setData(ByteString.copyFromUtf8(cid))
                .build())
        .getEntry()
        .getAuthor();
  }

  /** Whom identity takes the bearer of a token for. */
  String did(String token) {
    return IdentityGrpc.newBlockingStub(identity)
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .validateToken(ValidateTokenRequest.newBuilder().setToken(token).build())
        .getDid();
  }

  static ClientInterceptor bearer(String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** Only what says that the service was not there is tried again. */
  private static String insist(String what, Supplier<String> call) {
    List<RuntimeException> refusals = new ArrayList<>(); // of one look after the other
    Optional<String> answer =
        Await.value(
            what,
            TestNode.PATIENCE.multipliedBy(2),
            () -> {
              try {
                return Optional.of(Optional.of(call.get()));
              } catch (StatusRuntimeException | CompletionException e) {
                Status.Code code = Status.fromThrowable(e).getCode();
                if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
                  return Optional.empty();
                }
                refusals.add(e);
                return Optional.of(Optional.empty());
              }
            });
    return answer.orElseThrow(() -> new AssertionError(what, refusals.get(0)));
  }
}
