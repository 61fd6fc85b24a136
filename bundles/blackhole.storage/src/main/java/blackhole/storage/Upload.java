package blackhole.storage;

import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.cid.Cid;
import blackhole.storage.store.BlobStore;
import blackhole.storage.store.BlobWriter;
import blackhole.storage.v1.PutRequest;
import blackhole.storage.v1.PutResponse;
import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One Put. gRPC asks for the next message when the last one is written, so a call holds one message
 * in memory, whatever the blob's size. Called by one thread at a time.
 */
final class Upload implements StreamObserver<PutRequest> {
  private final BlobStore store;
  private final long maxBlobBytes;
  private final ServerCallStreamObserver<PutResponse> answer;
  private final Context context = Context.current();

  private @Nullable BlobWriter writer;
  private Optional<Cid> expected = Optional.empty();
  private boolean over;

  Upload(BlobStore store, long maxBlobBytes, ServerCallStreamObserver<PutResponse> answer) {
    this.store = store;
    this.maxBlobBytes = maxBlobBytes;
    this.answer = answer;
    // also lets an answer that comes too late pass without an exception
    answer.setOnCancelHandler(this::giveUp);
  }

  @Override
  public void onNext(PutRequest request) {
    if (over) {
      return; // what was on its way when the call failed
    }
    try {
      BlobWriter open = writer;
      if (open == null) {
        open = begin(request);
      } else if (!request.getExpectedCid().isEmpty()) {
        throw new StorageException(
                Reason.INVALID_REQUEST, "expected_cid belongs into the first message")
            .at("expected_cid");
      }
      write(open, request.getChunk());
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private BlobWriter begin(PutRequest first) {
    if (!first.getExpectedCid().isEmpty()) {
      expected = Optional.of(Requests.name("expected_cid", first.getExpectedCid()));
    }
    BlobWriter made = store.create();
    writer = made;
    return made;
  }

  private void write(BlobWriter open, ByteString chunk) {
    if (open.size() + chunk.size() > maxBlobBytes) {
      throw new StorageException(
              Reason.BLOB_TOO_LARGE,
              "the blob is larger than " + maxBlobBytes + " bytes (custom.max_blob_size)")
          .at("chunk");
    }
    for (ByteBuffer part : chunk.asReadOnlyByteBufferList()) {
      if (context.isCancelled()) {
        throw StorageException.timedOut();
      }
      open.write(part);
    }
  }

  @Override
  public void onCompleted() {
    if (over) {
      return;
    }
    PutResponse response;
    try {
      BlobWriter open = writer;
      if (open == null) {
        throw new StorageException(
                Reason.INVALID_REQUEST,
                "nothing was sent; a blob of no bytes is put with one message that has none")
            .at("chunk");
      }
      BlobWriter.Stored stored = commit(open);
      response =
          PutResponse.newBuilder()
              .setCid(stored.cid().text())
              .setSize(stored.size())
              .setAlreadyStored(stored.before())
              .build();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    giveUp(); // what is left of it: the handle
    answer.onNext(response);
    answer.onCompleted();
  }

  private BlobWriter.Stored commit(BlobWriter open) {
    try {
      return open.commit(expected, Calls.step(context));
    } catch (StorageException e) {
      throw e.reason() == Reason.CID_MISMATCH ? e.at("expected_cid") : e;
    }
  }

  /** The caller is gone before it had sent all. */
  @Override
  public void onError(Throwable cause) {
    giveUp();
  }

  private void fail(RuntimeException e) {
    giveUp();
    answer.onError(Statuses.of(e));
  }

  private void giveUp() {
    over = true;
    BlobWriter open = writer;
    if (open != null) {
      open.close();
    }
  }
}
