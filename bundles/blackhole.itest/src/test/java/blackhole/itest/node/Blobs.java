package blackhole.itest.node;

import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.SlowPolicy;
import blackhole.events.v1.SubscribeRequest;
import blackhole.storage.v1.BlobDeleted;
import blackhole.storage.v1.BlobStored;
import blackhole.storage.v1.DeleteRequest;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.ListRequest;
import blackhole.storage.v1.ListResponse;
import blackhole.storage.v1.PutRequest;
import blackhole.storage.v1.PutResponse;
import blackhole.storage.v1.StorageGrpc;
import blackhole.testkit.TestNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A user's blobs, and what the event stream says of them. */
final class Blobs {
  private final Channel storage;
  private final Channel events;

  /**
   * @param token the user's
   */
  Blobs(TestNode node, String token) {
    this(node.channel("storage"), node.channel("events"), token);
  }

  Blobs(Channel storage, Channel events, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    var attach = MetadataUtils.newAttachHeadersInterceptor(headers);
    this.storage = ClientInterceptors.intercept(storage, attach);
    this.events = ClientInterceptors.intercept(events, attach);
  }

  private StorageGrpc.StorageBlockingStub storage() {
    return StorageGrpc.newBlockingStub(storage)
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Puts a blob, which may fail. */
  PutResponse put(String content) {
    CompletableFuture<PutResponse> answer = new CompletableFuture<>();
    StreamObserver<PutRequest> requests =
        StorageGrpc.newStub(storage)
            .withWaitForReady()
            .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .put(
                new StreamObserver<>() {
                  @Override
                  public void onNext(PutResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(PutRequest.newBuilder().setChunk(ByteString.copyFromUtf8(content)).build());
    requests.onCompleted();
    return answer.join();
  }

  /** A blob's bytes as text. */
  String get(String cid) {
    List<ByteString> parts = new ArrayList<>();
    storage()
        .get(GetRequest.newBuilder().setCid(cid).build())
        .forEachRemaining(part -> parts.add(part.getChunk()));
    return ByteString.copyFrom(parts).toStringUtf8();
  }

  void delete(String cid) {
    storage().delete(DeleteRequest.newBuilder().setCid(cid).build());
  }

  /** The names of all blobs there are. */
  Set<String> list() {
    Set<String> names = new HashSet<>();
    String page = "";
    do {
      ListResponse answer =
          storage().list(ListRequest.newBuilder().setPageSize(1000).setPageToken(page).build());
      answer.getBlobsList().forEach(blob -> names.add(blob.getCid()));
      page = answer.getNextPageToken();
    } while (!page.isEmpty());
    return names;
  }

  /**
   * For each name, what the stream says of it up to a position: {@code +} stored, {@code -}
   * deleted.
   */
  Map<String, String> told(long last) throws InvalidProtocolBufferException {
    Map<String, String> told = new HashMap<>();
    for (Event event : upTo(last)) {
      if (event.getType().equals("blob.stored")) {
        told.merge(event.getData().unpack(BlobStored.class).getCid(), "+", String::concat);
      } else if (event.getType().equals("blob.deleted")) {
        told.merge(event.getData().unpack(BlobDeleted.class).getCid(), "-", String::concat);
      }
    }
    return told;
  }

  /** The events of the stream up to a position, or a little further. */
  List<Event> upTo(long last) {
    Iterator<Event> stream =
        EventStreamGrpc.newBlockingStub(events)
            .withWaitForReady()
            .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .subscribe(
                SubscribeRequest.newBuilder()
                    .setFromPosition(1)
                    .setPolicy(SlowPolicy.BLOCK)
                    .build());
    List<Event> seen = new ArrayList<>();
    do {
      seen.add(stream.next());
    } while (seen.get(seen.size() - 1).getPosition() < last);
    return seen;
  }

  /** Stores and deletes until it is closed, whatever becomes of the calls. */
  static final class Load implements AutoCloseable {
    private final Blobs blobs;
    private final Thread thread = new Thread(this::run, "load");
    private final List<String> stored = new ArrayList<>(); // of the thread, until it has ended
    private volatile boolean over;

    Load(Blobs blobs) {
      this.blobs = blobs;
      thread.start();
    }

    private void run() {
      for (int i = 0; !over; i++) {
        try {
          String cid = blobs.put("blob " + i).getCid();
          if (i % 4 == 0) {
            blobs.delete(cid);
          } else {
            stored.add(cid);
          }
        } catch (RuntimeException e) {
          // its process was killed: whether it is stored is for the store to say
          if (!(e instanceof StatusRuntimeException)
              && !(e.getCause() instanceof StatusRuntimeException)) {
            throw e;
          }
        }
      }
    }

    /** The names of those whose storing was acknowledged, and that were not deleted. */
    List<String> stop() throws InterruptedException {
      over = true;
      thread.join(TestNode.PATIENCE.toMillis() * 2);
      return List.copyOf(stored);
    }

    @Override
    public void close() throws InterruptedException {
      List<String> unused = stop();
    }
  }
}
