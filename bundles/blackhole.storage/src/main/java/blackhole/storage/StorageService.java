package blackhole.storage;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthReporter;
import blackhole.api.service.HostInfo;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.storage.cid.Cid;
import blackhole.storage.store.Blob;
import blackhole.storage.store.BlobReader;
import blackhole.storage.v1.DeleteRequest;
import blackhole.storage.v1.DeleteResponse;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.GetResponse;
import blackhole.storage.v1.ListRequest;
import blackhole.storage.v1.ListResponse;
import blackhole.storage.v1.PutRequest;
import blackhole.storage.v1.PutResponse;
import blackhole.storage.v1.StatRequest;
import blackhole.storage.v1.StatResponse;
import blackhole.storage.v1.StorageGrpc;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The gRPC face: takes requests apart, and puts answers and statuses together. Its methods block,
 * for files and for the index.
 */
@Component(service = BindableService.class)
public final class StorageService extends StorageGrpc.StorageImplBase {
  private final StorageCore core;
  private final HostInfo host;
  private final HealthReporter health;

  @Activate
  public StorageService(
      @Reference StorageCore core, @Reference HostInfo host, @Reference HealthReporter health) {
    this.core = core;
    this.host = host;
    this.health = health;
  }

  @Override
  public StreamObserver<PutRequest> put(StreamObserver<PutResponse> observer) {
    return new Upload(
        core.store(),
        core.settings().maxBlobBytes(),
        (ServerCallStreamObserver<PutResponse>) observer);
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    BlobReader reader;
    try {
      reader = open(request);
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    new Download(
            reader, core.settings().chunkBytes(), (ServerCallStreamObserver<GetResponse>) observer)
        .start();
  }

  private BlobReader open(GetRequest request) {
    Requests.Range range = Requests.range(request);
    return core.store()
        .read(range.cid(), range.offset(), range.length(), Calls.step(Context.current()));
  }

  @Override
  public void stat(StatRequest request, StreamObserver<StatResponse> observer) {
    answer(
        observer,
        () -> {
          Cid cid = Requests.name("cid", request.getCid());
          Blob blob = core.store().stat(cid, Calls.step(Context.current()));
          return StatResponse.newBuilder().setBlob(Download.message(blob)).build();
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    answer(
        observer,
        () -> {
          Cid cid = Requests.name("cid", request.getCid());
          boolean existed = core.store().delete(cid, Calls.step(Context.current()));
          return DeleteResponse.newBuilder().setExisted(existed).build();
        });
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    answer(observer, () -> list(request));
  }

  /** A page's token is its last name: whatever comes and goes, the next page begins behind it. */
  private ListResponse list(ListRequest request) {
    Requests.Page wanted = Requests.page(request);
    int size = wanted.size();
    // one more than asked for, to see whether there is a next page
    List<Blob> blobs = core.store().list(wanted.after(), size + 1, Calls.step(Context.current()));
    ListResponse.Builder page = ListResponse.newBuilder();
    blobs.stream().limit(size).map(Download::message).forEach(page::addBlobs);
    if (blobs.size() > size) {
      page.setNextPageToken(blobs.get(size - 1).cid().text());
    }
    return page.build();
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
    if (!name.isEmpty() && !name.equals(host.service()) && !name.equals(StorageGrpc.SERVICE_NAME)) {
      throw Status.NOT_FOUND
          .withDescription("no service '" + name + "' here, only '" + host.service() + "'")
          .asRuntimeException();
    }
  }

  private static HealthResponse message(HealthReport report) {
    return HealthResponse.newBuilder()
        .setStatus(report.status().name().toLowerCase(Locale.ROOT))
        .setMessage(report.message())
        .setUptimeSeconds(report.uptime().toSeconds())
        .putAllMetrics(report.metrics())
        .build();
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
