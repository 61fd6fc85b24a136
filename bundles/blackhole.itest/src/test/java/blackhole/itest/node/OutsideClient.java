package blackhole.itest.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A client that knows nothing but the socket: it asks for the messages, as grpcurl does. */
final class OutsideClient {
  private static final long PATIENCE_SECONDS = 60;

  private final Channel channel;

  OutsideClient(Channel channel) {
    this.channel = channel;
  }

  /** The services, as reflection v1 lists them. */
  List<String> services() {
    return ask(ServerReflectionRequest.newBuilder().setListServices("").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  /** The same, as clients that still speak v1alpha ask for it. */
  List<String> servicesByTheOldName() {
    var request =
        io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder().setListServices("").build();
    io.grpc.reflection.v1alpha.ServerReflectionResponse response =
        exchange(
            answers ->
                io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(channel)
                    .serverReflectionInfo(answers),
            request);
    return response.getListServicesResponse().getServiceList().stream()
        .map(io.grpc.reflection.v1alpha.ServiceResponse::getName)
        .toList();
  }

  /** Calls a unary method with these fields, and gives the answer's fields by name. */
  Map<String, Object> call(String service, String method, Map<String, Object> fields)
      throws Exception {
    var found = describe(service).findMethodByName(method);
    DynamicMessage.Builder request = DynamicMessage.newBuilder(found.getInputType());
    fields.forEach(
        (name, value) -> request.setField(found.getInputType().findFieldByName(name), value));
    MethodDescriptor<DynamicMessage, DynamicMessage> descriptor =
        MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(found.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(found.getOutputType())))
            .build();
    DynamicMessage answer =
        ClientCalls.blockingUnaryCall(
            channel,
            descriptor,
            CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
            request.build());
    Map<String, Object> values = new LinkedHashMap<>();
    answer
        .getDescriptorForType()
        .getFields()
        .forEach(field -> values.put(field.getName(), answer.getField(field)));
    return values;
  }

  private ServiceDescriptor describe(String service) throws Exception {
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    String first = "";
    for (ByteString bytes :
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build())
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList()) {
      FileDescriptorProto file = parse(bytes);
      first = first.isEmpty() ? file.getName() : first;
      files.put(file.getName(), file);
    }
    String simpleName = service.substring(service.lastIndexOf('.') + 1);
    return link(first, files).findServiceByName(simpleName);
  }

  private FileDescriptor link(String name, Map<String, FileDescriptorProto> files)
      throws DescriptorValidationException, InvalidProtocolBufferException {
    FileDescriptorProto file = files.get(name);
    if (file == null) {
      file =
          parse(
              ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build())
                  .getFileDescriptorResponse()
                  .getFileDescriptorProto(0));
    }
    List<FileDescriptor> imports = new ArrayList<>();
    for (String dependency : file.getDependencyList()) {
      imports.add(link(dependency, files));
    }
    return FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
  }

  private static FileDescriptorProto parse(ByteString bytes) throws InvalidProtocolBufferException {
    return FileDescriptorProto.parseFrom(bytes);
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request) {
    return exchange(
        answers -> ServerReflectionGrpc.newStub(channel).serverReflectionInfo(answers), request);
  }

  /** One question, one answer, and the end of the stream. */
  private static <Q, A> A exchange(
      Function<StreamObserver<A>, StreamObserver<Q>> stream, Q question) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    StreamObserver<Q> questions =
        stream.apply(
            new StreamObserver<>() {
              @Override
              public void onNext(A value) {
                answer.complete(value);
              }

              @Override
              public void onError(Throwable problem) {
                answer.completeExceptionally(problem);
              }

              @Override
              public void onCompleted() {
                answer.completeExceptionally(new IllegalStateException("no answer"));
              }
            });
    questions.onNext(question);
    A value = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    questions.onCompleted();
    return value;
  }
}
