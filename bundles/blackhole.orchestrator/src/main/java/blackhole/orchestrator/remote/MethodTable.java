package blackhole.orchestrator.remote;

import blackhole.api.registry.Idempotency;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server by reflection what its methods promise. One exchange: first which services there
 * are, then the file of each. gRPC calls an observer by one thread at a time.
 */
final class MethodTable implements StreamObserver<ServerReflectionResponse> {
  /** Of gRPC itself: nobody looks these up. */
  private static final String OF_GRPC = "grpc.";

  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1 =
      ServerReflectionGrpc.getServerReflectionInfoMethod();

  /** The older name of the same messages. */
  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1ALPHA =
      V1.toBuilder()
          .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
          .build();

  private final CompletableFuture<Map<String, Idempotency>> result;
  private final Set<String> services = new LinkedHashSet<>();
  private final Map<String, Idempotency> methods = new LinkedHashMap<>();
  private @Nullable StreamObserver<ServerReflectionRequest> requests;
  private int awaited;

  private MethodTable(CompletableFuture<Map<String, Idempotency>> result) {
    this.result = result;
  }

  /** By full name. Fails with the status of the call. */
  static CompletionStage<Map<String, Idempotency>> read(Channel channel, Duration timeout) {
    return read(channel, timeout, V1)
        .exceptionallyCompose(
            failure ->
                Status.fromThrowable(failure).getCode() == Status.Code.UNIMPLEMENTED
                    ? read(channel, timeout, V1ALPHA)
                    : CompletableFuture.failedStage(failure));
  }

  private static CompletionStage<Map<String, Idempotency>> read(
      Channel channel,
      Duration timeout,
      MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> version) {
    CompletableFuture<Map<String, Idempotency>> result = new CompletableFuture<>();
    MethodTable table = new MethodTable(result);
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    table.begin(ClientCalls.asyncBidiStreamingCall(channel.newCall(version, options), table));
    return result;
  }

  private synchronized void begin(StreamObserver<ServerReflectionRequest> stream) {
    requests = stream;
    awaited = 1;
    stream.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
  }

  @Override
  public synchronized void onNext(ServerReflectionResponse response) {
    awaited--;
    try {
      take(response);
    } catch (InvalidProtocolBufferException e) {
      result.completeExceptionally(e);
    }
    if (awaited == 0 && requests != null) {
      requests.onCompleted();
      result.complete(Map.copyOf(methods));
    }
  }

  private void take(ServerReflectionResponse response) throws InvalidProtocolBufferException {
    for (ServiceResponse service : response.getListServicesResponse().getServiceList()) {
      if (!service.getName().startsWith(OF_GRPC) && services.add(service.getName())) {
        ask(service.getName());
      }
    }
    // a symbol that vanished meanwhile is answered by an error, which is no file
    for (ByteString file : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      take(FileDescriptorProto.parseFrom(file));
    }
  }

  private void ask(String service) {
    if (requests != null) {
      awaited++;
      requests.onNext(
          ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    }
  }

  private void take(FileDescriptorProto file) {
    String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
    for (ServiceDescriptorProto service : file.getServiceList()) {
      String name = prefix + service.getName();
      // files come with those that they import, whose services may be served elsewhere
      if (services.contains(name)) {
        for (MethodDescriptorProto method : service.getMethodList()) {
          methods.put(name + "/" + method.getName(), idempotency(method));
        }
      }
    }
  }

  private static Idempotency idempotency(MethodDescriptorProto method) {
    return switch (method.getOptions().getIdempotencyLevel()) {
      case NO_SIDE_EFFECTS -> Idempotency.NO_SIDE_EFFECTS;
      case IDEMPOTENT -> Idempotency.IDEMPOTENT;
      case IDEMPOTENCY_UNKNOWN -> Idempotency.UNKNOWN;
    };
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    result.completeExceptionally(
        Status.UNAVAILABLE
            .withDescription("the answer ended before all was said")
            .asRuntimeException());
  }
}
