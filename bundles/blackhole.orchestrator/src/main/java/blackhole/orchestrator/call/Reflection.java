package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import java.util.Iterator;
import java.util.List;

/**
 * A service's server reflection, version 1 or else v1alpha, whose messages are the same on the
 * wire. Each question is a short stream of its own: a stream held open would keep a draining
 * instance from its end. Blocking; one thread at a time.
 */
final class Reflection {
  private static final List<MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse>>
      VERSIONS =
          List.of(
              method("grpc.reflection.v1.ServerReflection"),
              method("grpc.reflection.v1alpha.ServerReflection"));

  private final String service;
  private final Channel channel;
  private final Deadline deadline;
  private int version;

  /**
   * @param service the configured name, for what goes wrong
   * @param deadline of all questions together
   */
  Reflection(String service, Channel channel, Deadline deadline) {
    this.service = service;
    this.channel = channel;
    this.deadline = deadline;
  }

  /** One question at a time, so that a server's stream of one answer is all that is needed. */
  private static MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method(
      String reflection) {
    return MethodDescriptor.<ServerReflectionRequest, ServerReflectionResponse>newBuilder()
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
        .setFullMethodName(
            MethodDescriptor.generateFullMethodName(reflection, "ServerReflectionInfo"))
        .setRequestMarshaller(ProtoUtils.marshaller(ServerReflectionRequest.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(ServerReflectionResponse.getDefaultInstance()))
        .setSafe(true)
        .build();
  }

  /** The full names of all gRPC services that are served there. */
  List<String> services() throws MethodCallException, InterruptedException {
    return ask(ServerReflectionRequest.newBuilder().setListServices("*").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  /** The file that declares this, and perhaps what it imports; empty when nobody knows it. */
  List<ByteString> fileOf(String symbol) throws MethodCallException, InterruptedException {
    return ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build())
        .getFileDescriptorResponse()
        .getFileDescriptorProtoList();
  }

  /** The file of this name, and perhaps what it imports; empty when nobody knows it. */
  List<ByteString> file(String name) throws MethodCallException, InterruptedException {
    return ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build())
        .getFileDescriptorResponse()
        .getFileDescriptorProtoList();
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request)
      throws MethodCallException, InterruptedException {
    while (true) {
      try {
        return exchange(request);
      } catch (StatusRuntimeException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
          throw new Failures(null).of(e);
        }
        if (version == VERSIONS.size() - 1) {
          throw new MethodCallException("service '" + service + "' has no server reflection");
        }
        version++;
      }
    }
  }

  private ServerReflectionResponse exchange(ServerReflectionRequest request) {
    Iterator<ServerReflectionResponse> answers =
        ClientCalls.blockingServerStreamingCall(
            channel, VERSIONS.get(version), CallOptions.DEFAULT.withDeadline(deadline), request);
    ServerReflectionResponse answer = ServerReflectionResponse.getDefaultInstance();
    while (answers.hasNext()) {
      answer = answers.next();
    }
    return answer;
  }
}
