package blackhole.indexer.feed;

import blackhole.api.observe.TraceContext;
import blackhole.storage.v1.Blob;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.GetResponse;
import blackhole.storage.v1.ListRequest;
import blackhole.storage.v1.ListResponse;
import blackhole.storage.v1.StorageGrpc;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The blobs of the storage service. Thread-safe. */
public final class StorageBlobs implements BlobSource {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int PAGE = 200;

  private final StorageGrpc.StorageBlockingStub storage;

  /** On behalf of nobody, and ended with this; only the trace goes on. */
  private final Context.CancellableContext calls = Context.ROOT.withCancellation();

  public StorageBlobs(Channel channel) {
    storage = StorageGrpc.newBlockingStub(channel);
  }

  private StorageGrpc.StorageBlockingStub call() {
    return storage.withDeadlineAfter(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public Page list(String token) {
    Context within = TraceContext.carriedInto(calls);
    Context before = within.attach();
    try {
      ListResponse page =
          call().list(ListRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build());
      return new Page(
          page.getBlobsList().stream()
              .map(blob -> new Listed(blob.getCid(), blob.getSize()))
              .toList(),
          page.getNextPageToken());
    } finally {
      within.detach(before);
    }
  }

  @Override
  public Optional<Fetched> fetch(String cid) {
    Context within = TraceContext.carriedInto(calls);
    Context before = within.attach();
    try {
      return Optional.of(whole(call().get(GetRequest.newBuilder().setCid(cid).build())));
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        // a name that storage doesn't take is nobody's blob either
        case NOT_FOUND, DATA_LOSS, INVALID_ARGUMENT -> Optional.empty();
        default -> throw e;
      };
    } finally {
      within.detach(before);
    }
  }

  /** Storage has checked the bytes against the CID when the stream ends well. */
  private static Fetched whole(Iterator<GetResponse> answers) {
    ByteString bytes = ByteString.EMPTY;
    Blob blob = Blob.getDefaultInstance();
    while (answers.hasNext()) {
      GetResponse answer = answers.next();
      blob = answer.hasBlob() ? answer.getBlob() : blob;
      bytes = bytes.concat(answer.getChunk());
    }
    return new Fetched(bytes.toByteArray(), blob.getStoredAt());
  }

  @Override
  public void close() {
    calls.cancel(null);
  }
}
