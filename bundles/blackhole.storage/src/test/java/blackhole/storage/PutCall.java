package blackhole.storage;

import blackhole.storage.v1.PutRequest;
import blackhole.storage.v1.PutResponse;
import blackhole.storage.v1.StorageGrpc;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** One Put of a client that sends when there is room to. */
final class PutCall implements ClientResponseObserver<PutRequest, PutResponse> {
  private final CompletableFuture<PutResponse> answer = new CompletableFuture<>();
  private final Object lock = new Object();
  private ClientCallStreamObserver<PutRequest> requests;

  PutCall(Channel channel, CallOptions options) {
    ClientCalls.asyncClientStreamingCall(
        channel.newCall(StorageGrpc.getPutMethod(), options), this);
  }

  PutCall(Channel channel) {
    this(channel, CallOptions.DEFAULT);
  }

  static PutResponse put(Channel channel, byte[] content) {
    return put(channel, "", content);
  }

  static PutResponse put(Channel channel, String expectedCid, byte[] content) {
    PutCall call = new PutCall(channel);
    call.send(
        PutRequest.newBuilder()
            .setExpectedCid(expectedCid)
            .setChunk(ByteString.copyFrom(content))
            .build());
    return call.complete();
  }

  static PutResponse put(Channel channel, Iterator<ByteString> pieces) {
    PutCall call = new PutCall(channel);
    while (pieces.hasNext() && !call.answer.isDone()) {
      call.send(PutRequest.newBuilder().setChunk(pieces.next()).build());
    }
    return call.complete();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<PutRequest> stream) {
    requests = stream;
    stream.setOnReadyHandler(this::wake);
  }

  private void wake() {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  void send(PutRequest request) {
    synchronized (lock) {
      while (!requests.isReady() && !answer.isDone()) {
        try {
          lock.wait(100);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    requests.onNext(request);
  }

  void send(byte[] chunk) {
    send(PutRequest.newBuilder().setChunk(ByteString.copyFrom(chunk)).build());
  }

  /** Ends the stream, unless the answer has come already, and waits for that. */
  PutResponse complete() {
    if (!answer.isDone()) {
      requests.onCompleted();
    }
    return await();
  }

  PutResponse await() {
    try {
      return answer.orTimeout(120, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  void cancel() {
    requests.cancel("enough", null);
  }

  @Override
  public void onNext(PutResponse response) {
    answer.complete(response);
  }

  @Override
  public void onError(Throwable failure) {
    answer.completeExceptionally(failure);
    wake();
  }

  @Override
  public void onCompleted() {
    wake();
  }
}
