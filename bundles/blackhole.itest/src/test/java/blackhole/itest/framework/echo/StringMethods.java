package blackhole.itest.framework.echo;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.StringValue;
import com.google.protobuf.WrappersProto;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** gRPC services of methods from text to text, with descriptors for reflection. */
public final class StringMethods {
  private static final String PACKAGE = "blackhole.itest.echo";

  private StringMethods() {}

  /** {@code blackhole.itest.echo.SERVICE/NAME}, as a caller needs it. */
  public static MethodDescriptor<StringValue, StringValue> method(String service, String name) {
    return MethodDescriptor.<StringValue, StringValue>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(PACKAGE + "." + service, name))
        .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
        .build();
  }

  static ServerServiceDefinition service(
      String service, Map<String, UnaryOperator<String>> methods) {
    FileDescriptor file = file(service, methods);
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(PACKAGE + "." + service)
            .setSchemaDescriptor((ProtoFileDescriptorSupplier) () -> file);
    Map<MethodDescriptor<StringValue, StringValue>, UnaryOperator<String>> bound = new HashMap<>();
    methods.forEach((name, answer) -> bound.put(method(service, name), answer));
    bound.keySet().forEach(descriptor::addMethod);
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(descriptor.build());
    bound.forEach(
        (method, answer) ->
            definition.addMethod(
                method,
                ServerCalls.asyncUnaryCall(
                    (request, observer) -> {
                      observer.onNext(StringValue.of(answer.apply(request.getValue())));
                      observer.onCompleted();
                    })));
    return definition.build();
  }

  private static FileDescriptor file(String service, Map<String, UnaryOperator<String>> methods) {
    String type = "." + StringValue.getDescriptor().getFullName();
    ServiceDescriptorProto.Builder described = ServiceDescriptorProto.newBuilder().setName(service);
    methods
        .keySet()
        .forEach(
            name ->
                described.addMethod(
                    MethodDescriptorProto.newBuilder()
                        .setName(name)
                        .setInputType(type)
                        .setOutputType(type)));
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("blackhole/itest/" + service + ".proto")
            .setPackage(PACKAGE)
            .addDependency(WrappersProto.getDescriptor().getName())
            .addService(described)
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[] {WrappersProto.getDescriptor()});
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }
}
