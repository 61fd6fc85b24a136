package blackhole.storage;

import blackhole.storage.store.Blob;
import blackhole.storage.store.BlobReader;
import blackhole.storage.v1.GetResponse;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * One Get. It reads on when the transport has room for more, so a call whose caller is slow holds
 * an open file, and what is in the transport's buffers. Called by one thread at a time.
 */
final class Download {
  private final BlobReader reader;
  private final int chunkBytes;
  private final ServerCallStreamObserver<GetResponse> answer;

  private boolean begun;
  private boolean over;

  Download(BlobReader reader, int chunkBytes, ServerCallStreamObserver<GetResponse> answer) {
    this.reader = reader;
    this.chunkBytes = chunkBytes;
    this.answer = answer;
  }

  /** Returns at once; the transport calls back from now on. */
  void start() {
    answer.setOnReadyHandler(this::proceed);
    answer.setOnCancelHandler(this::end);
  }

  private void proceed() {
    try {
      while (!over && answer.isReady() && !answer.isCancelled()) {
        answer.onNext(message());
        if (reader.isAtEnd()) {
          end();
          answer.onCompleted();
        }
      }
    } catch (RuntimeException e) {
      end();
      answer.onError(Statuses.of(e));
    }
  }

  private GetResponse message() {
    GetResponse.Builder message = GetResponse.newBuilder();
    // nobody else has the array
    message.setChunk(UnsafeByteOperations.unsafeWrap(reader.next(chunkBytes)));
    if (!begun) {
      begun = true;
      message.setBlob(message(reader.blob()));
    }
    return message.build();
  }

  static blackhole.storage.v1.Blob message(Blob blob) {
    return blackhole.storage.v1.Blob.newBuilder()
        .setCid(blob.cid().text())
        .setSize(blob.size())
        .setStoredAt(blob.storedAt().getEpochSecond())
        .setDamage(blob.damage())
        .build();
  }

  private void end() {
    over = true;
    reader.close();
  }
}
