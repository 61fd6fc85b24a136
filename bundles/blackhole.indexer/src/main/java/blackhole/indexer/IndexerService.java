package blackhole.indexer;

import blackhole.indexer.index.Found;
import blackhole.indexer.index.Patience;
import blackhole.indexer.index.Progress;
import blackhole.indexer.index.Wanted;
import blackhole.indexer.v1.IndexerGrpc;
import blackhole.indexer.v1.RebuildRequest;
import blackhole.indexer.v1.RebuildResponse;
import blackhole.indexer.v1.SearchRequest;
import blackhole.indexer.v1.SearchResponse;
import blackhole.indexer.v1.StatusRequest;
import blackhole.indexer.v1.StatusResponse;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The gRPC face: takes requests apart, and puts answers and statuses together. Its methods block,
 * for the index.
 */
@Component(service = BindableService.class)
public final class IndexerService extends IndexerGrpc.IndexerImplBase {
  private final IndexerCore core;
  private final IndexerFeed feed;

  @Activate
  public IndexerService(@Reference IndexerCore core, @Reference IndexerFeed feed) {
    this.core = core;
    this.feed = feed;
  }

  @Override
  public void search(SearchRequest request, StreamObserver<SearchResponse> observer) {
    answer(
        observer,
        () -> {
          Wanted wanted = Requests.wanted(request);
          Found found = core.index().search(wanted, patience(Context.current()));
          return Messages.answer(found, wanted);
        });
  }

  /** As much time as is configured, and no more than the caller has. */
  private Patience patience(Context context) {
    Duration limit = core.settings().searchTimeout();
    Deadline deadline = context.getDeadline();
    if (deadline != null) {
      long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
      limit = Duration.ofNanos(Math.min(limit.toNanos(), left));
    }
    return Patience.of(limit, context::isCancelled);
  }

  @Override
  public void rebuild(RebuildRequest request, StreamObserver<RebuildResponse> observer) {
    answer(
        observer, () -> RebuildResponse.newBuilder().setGeneration(feed.feed().rebuild()).build());
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    answer(
        observer,
        () -> {
          Progress progress = core.index().progress();
          return StatusResponse.newBuilder()
              .setDocuments(core.index().documents())
              .setPosition(progress.position())
              .setGeneration(progress.generation())
              .setRebuilding(!progress.complete())
              .setTrouble(feed.feed().trouble())
              .build();
        });
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
    // lets an answer that comes too late pass without an exception
    ((ServerCallStreamObserver<T>) observer).setOnCancelHandler(() -> {});
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
}
