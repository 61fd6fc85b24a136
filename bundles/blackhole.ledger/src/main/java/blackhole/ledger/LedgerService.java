package blackhole.ledger;

import blackhole.api.service.Caller;
import blackhole.api.service.HealthReporter;
import blackhole.api.service.HostInfo;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.ledger.entry.Draft;
import blackhole.ledger.store.LedgerStore;
import blackhole.ledger.v1.AppendRequest;
import blackhole.ledger.v1.AppendResponse;
import blackhole.ledger.v1.GetRequest;
import blackhole.ledger.v1.GetResponse;
import blackhole.ledger.v1.HeadRequest;
import blackhole.ledger.v1.HeadResponse;
import blackhole.ledger.v1.LedgerGrpc;
import blackhole.ledger.v1.ListRequest;
import blackhole.ledger.v1.ListResponse;
import blackhole.ledger.v1.ProveConsistencyRequest;
import blackhole.ledger.v1.ProveConsistencyResponse;
import blackhole.ledger.v1.ProveInclusionRequest;
import blackhole.ledger.v1.ProveInclusionResponse;
import blackhole.ledger.v1.VerifyRequest;
import blackhole.ledger.v1.VerifyResponse;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The gRPC face: takes requests apart, and puts answers and statuses together. All methods but
 * Append block, for files and for the index.
 */
@Component(service = BindableService.class)
public final class LedgerService extends LedgerGrpc.LedgerImplBase {
  private static final int MAX_NAME = 256;
  private static final int MAX_TYPE = 128;
  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;
  private static final int DEFAULT_VERIFY = 10_000;
  private static final int LARGEST_VERIFY = 100_000;
  private static final Pattern TOKEN = Pattern.compile("\\d{1,18}");

  private final LedgerCore core;
  private final HostInfo host;
  private final HealthReporter health;

  @Activate
  public LedgerService(
      @Reference LedgerCore core, @Reference HostInfo host, @Reference HealthReporter health) {
    this.core = core;
    this.host = host;
    this.health = health;
  }

  @Override
  public void append(AppendRequest request, StreamObserver<AppendResponse> observer) {
    answerLater(observer, () -> append(request));
  }

  private CompletableFuture<AppendResponse> append(AppendRequest request) {
    new Check()
        .text("account", request.getAccount(), 1, MAX_NAME)
        .text("type", request.getType(), 1, MAX_TYPE)
        .text("key", request.getKey(), 1, MAX_NAME)
        .size(
            "data",
            request.getData().size(),
            core.settings().maxEntryBytes(),
            "custom.max_entry_size")
        .passed();
    Draft draft =
        new Draft(
            request.getAccount(),
            request.getType(),
            request.getKey(),
            author(Caller.current()),
            request.getData());
    return core.store()
        .append(draft, Calls.step(Context.current()))
        .thenApply(
            appended ->
                AppendResponse.newBuilder()
                    .setEntry(Messages.entry(appended.entry()))
                    .setAlreadyRecorded(appended.before())
                    .build());
  }

  /** On whose behalf, where that is known; else who calls. */
  private static String author(Caller caller) {
    if (caller.user().isPresent()) {
      return caller.user().get().did();
    }
    return switch (caller.kind()) {
      case HOST -> "host:" + caller.name();
      case NODE -> "node:" + caller.name();
      case LOCAL -> "local";
    };
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    answer(
        observer,
        () -> {
          new Check().atLeast("index", request.getIndex(), 0).passed();
          return GetResponse.newBuilder()
              .setEntry(
                  Messages.entry(
                      core.store().get(request.getIndex(), Calls.step(Context.current()))))
              .build();
        });
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    answer(observer, () -> list(request));
  }

  /** A page's token is the index of its first entry: nothing ever comes in before it. */
  private ListResponse list(ListRequest request) {
    String token = request.getPageToken();
    new Check()
        .text("account", request.getAccount(), 0, MAX_NAME)
        .atLeast("page_size", request.getPageSize(), 0)
        .that(
            token.isEmpty() || TOKEN.matcher(token).matches(),
            "page_token",
            "is not the next_page_token of an answer")
        .passed();
    int size =
        request.getPageSize() == 0 ? DEFAULT_PAGE : Math.min(LARGEST_PAGE, request.getPageSize());
    LedgerStore.Page page =
        core.store()
            .list(
                request.getAccount(),
                token.isEmpty() ? 0 : Long.parseLong(token),
                size,
                Calls.step(Context.current()));
    ListResponse.Builder response = ListResponse.newBuilder();
    page.entries().forEach(entry -> response.addEntries(Messages.entry(entry)));
    page.next().ifPresent(next -> response.setNextPageToken(Long.toString(next)));
    return response.build();
  }

  @Override
  public void head(HeadRequest request, StreamObserver<HeadResponse> observer) {
    answer(observer, () -> Messages.head(core.head(), core.key()));
  }

  @Override
  public void proveInclusion(
      ProveInclusionRequest request, StreamObserver<ProveInclusionResponse> observer) {
    answer(
        observer,
        () -> {
          new Check()
              .atLeast("index", request.getIndex(), 0)
              .atLeast("tree_size", request.getTreeSize(), 0)
              .that(
                  request.getTreeSize() <= 0 || request.getTreeSize() > request.getIndex(),
                  "tree_size",
                  "is that of a tree without the entry, expected more than index")
              .passed();
          return Messages.inclusion(
              core.store()
                  .proveInclusion(
                      request.getIndex(), request.getTreeSize(), Calls.step(Context.current())));
        });
  }

  @Override
  public void proveConsistency(
      ProveConsistencyRequest request, StreamObserver<ProveConsistencyResponse> observer) {
    answer(
        observer,
        () -> {
          new Check()
              .atLeast("first_size", request.getFirstSize(), 1)
              .atLeast("second_size", request.getSecondSize(), 0)
              .that(
                  request.getSecondSize() <= 0 || request.getSecondSize() >= request.getFirstSize(),
                  "second_size",
                  "is less than first_size")
              .passed();
          return Messages.consistency(
              core.store()
                  .proveConsistency(
                      request.getFirstSize(),
                      request.getSecondSize(),
                      Calls.step(Context.current())));
        });
  }

  @Override
  public void verify(VerifyRequest request, StreamObserver<VerifyResponse> observer) {
    answer(
        observer,
        () -> {
          new Check()
              .atLeast("from_index", request.getFromIndex(), 0)
              .atLeast("max_entries", request.getMaxEntries(), 0)
              .passed();
          int count =
              request.getMaxEntries() == 0
                  ? DEFAULT_VERIFY
                  : Math.min(LARGEST_VERIFY, request.getMaxEntries());
          Context context = Context.current();
          return Messages.verified(
              request.getFromIndex(),
              core.store()
                  .verify(
                      request.getFromIndex(), count, Calls.budget(context), Calls.step(context)));
        });
  }

  @Override
  public void health(HealthRequest request, StreamObserver<HealthResponse> observer) {
    answer(
        observer,
        () -> {
          checkService(request.getService());
          return Messages.health(health.report());
        });
  }

  private void checkService(String name) {
    if (!name.isEmpty() && !name.equals(host.service()) && !name.equals(LedgerGrpc.SERVICE_NAME)) {
      throw Status.NOT_FOUND
          .withDescription("no service '" + name + "' here, only '" + host.service() + "'")
          .asRuntimeException();
    }
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
    answerLater(observer, () -> CompletableFuture.completedFuture(answer.get()));
  }

  private static <T> void answerLater(
      StreamObserver<T> observer, Supplier<CompletableFuture<T>> answer) {
    // lets an answer that comes too late pass without an exception
    ((ServerCallStreamObserver<T>) observer).setOnCancelHandler(() -> {});
    CompletableFuture<T> future;
    try {
      future = answer.get();
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    var unused =
        future.whenComplete(
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
