package blackhole.itest.calls;

import blackhole.api.rpc.Channels;
import blackhole.api.rpc.ResumedStreams;
import blackhole.api.rpc.RpcStatus;
import blackhole.itest.calls.v1.AppendRequest;
import blackhole.itest.calls.v1.AppendResponse;
import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.ReadRequest;
import blackhole.itest.calls.v1.ReadResponse;
import blackhole.itest.calls.v1.SpinRequest;
import blackhole.itest.calls.v1.TargetGrpc;
import blackhole.storage.v1.DeleteRequest;
import blackhole.storage.v1.GetRequest;
import blackhole.storage.v1.GetResponse;
import blackhole.storage.v1.ListRequest;
import blackhole.storage.v1.PutRequest;
import blackhole.storage.v1.PutResponse;
import blackhole.storage.v1.StatRequest;
import blackhole.storage.v1.StorageGrpc;
import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Makes one call after the other, each as it is described. */
final class Caller {
  private static final ClientInterceptor RESUMED =
      ResumedStreams.of(
          StorageGrpc.getGetMethod(),
          (request, got) ->
              request.toBuilder().setOffset(request.getOffset() + got.getChunk().size()).build());

  private final Channels channels;

  Caller(Channels channels) {
    this.channels = channels;
  }

  CallResponse call(CallRequest request) {
    try {
      return attempt(request).setCode("OK").build();
    } catch (StatusRuntimeException e) {
      return CallResponse.newBuilder()
          .setCode(e.getStatus().getCode().name())
          .setMessage(String.valueOf(e.getStatus().getDescription()))
          .setReason(RpcStatus.reasonOf(e).orElse(""))
          .build();
    }
  }

  private CallResponse.Builder attempt(CallRequest request) {
    return switch (request.getKind()) {
      case READ -> {
        String millis = request.getArgument();
        ReadResponse read =
            target(request)
                .read(
                    ReadRequest.newBuilder()
                        .setMillis(millis.isEmpty() ? 0 : Long.parseLong(millis))
                        .build());
        yield CallResponse.newBuilder()
            .setAnswer(Integer.toString(read.getInstance()))
            .setNodeId(read.getNodeId());
      }
      case SPIN -> {
        String[] millis = request.getArgument().split("/");
        SpinRequest spin =
            SpinRequest.newBuilder()
                .setMillis(Long.parseLong(millis[0]))
                .setRestMillis(Long.parseLong(millis[1]))
                .build();
        yield CallResponse.newBuilder().setAnswer("" + target(request).spin(spin).getInstance());
      }
      case APPEND -> {
        AppendResponse appended =
            target(request).append(AppendRequest.newBuilder().setId(request.getArgument()).build());
        yield CallResponse.newBuilder().setAnswer(Integer.toString(appended.getInstance()));
      }
      case STORAGE_PUT -> CallResponse.newBuilder().setAnswer(put(request));
      case STORAGE_STAT ->
          CallResponse.newBuilder()
              .setAnswer(
                  storage(request)
                      .stat(StatRequest.newBuilder().setCid(request.getArgument()).build())
                      .getBlob()
                      .getCid());
      case STORAGE_GET -> CallResponse.newBuilder().setAnswer(get(request));
      case STORAGE_LIST ->
          CallResponse.newBuilder()
              .setAnswer(
                  ""
                      + storage(request)
                          .list(ListRequest.newBuilder().setPageSize(10).build())
                          .getBlobsCount());
      case STORAGE_DELETE ->
          CallResponse.newBuilder()
              .setAnswer(
                  ""
                      + storage(request)
                          .delete(DeleteRequest.newBuilder().setCid(request.getArgument()).build())
                          .getExisted());
      default -> throw new IllegalArgumentException("unknown kind: " + request);
    };
  }

  private TargetGrpc.TargetBlockingStub target(CallRequest request) {
    return set(TargetGrpc.newBlockingStub(channels.to(request.getService())), request);
  }

  private String put(CallRequest request) {
    StorageGrpc.StorageStub storage =
        set(StorageGrpc.newStub(channels.to(request.getService())), request);
    CompletableFuture<PutResponse> done = new CompletableFuture<>();
    StreamObserver<PutRequest> blob =
        storage.put(
            new StreamObserver<>() {
              @Override
              public void onNext(PutResponse value) {
                done.complete(value);
              }

              @Override
              public void onError(Throwable t) {
                done.completeExceptionally(t);
              }

              @Override
              public void onCompleted() {}
            });
    blob.onNext(
        PutRequest.newBuilder().setChunk(ByteString.copyFromUtf8(request.getArgument())).build());
    blob.onCompleted();
    try {
      return done.join().getCid();
    } catch (CompletionException e) {
      throw (StatusRuntimeException) e.getCause();
    }
  }

  private StorageGrpc.StorageBlockingStub storage(CallRequest request) {
    return set(StorageGrpc.newBlockingStub(channels.to(request.getService())), request);
  }

  /** As a service of a node would read, which has no use for half a blob. */
  private String get(CallRequest request) {
    Iterator<GetResponse> chunks =
        storage(request)
            .withInterceptors(RESUMED)
            .get(GetRequest.newBuilder().setCid(request.getArgument()).build());
    ByteString content = ByteString.EMPTY;
    while (chunks.hasNext()) {
      content = content.concat(chunks.next().getChunk());
    }
    return content.toString(StandardCharsets.UTF_8);
  }

  private static <S extends AbstractStub<S>> S set(S stub, CallRequest request) {
    S set = stub;
    if (request.getDeadlineMillis() > 0) {
      set = set.withDeadlineAfter(request.getDeadlineMillis(), TimeUnit.MILLISECONDS);
    }
    if (!request.getToken().isEmpty()) {
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
          "Bearer " + request.getToken());
      set = set.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    return set;
  }
}
