package blackhole.orchestrator.call;

import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;

/** Methods for gRPC, from protobuf's descriptions: as generated code would have them. */
final class GrpcMethods {
  private GrpcMethods() {}

  static MethodDescriptor<DynamicMessage, DynamicMessage> of(Descriptors.MethodDescriptor method) {
    MethodDescriptor.Builder<DynamicMessage, DynamicMessage> builder =
        MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(type(method))
            .setFullMethodName(
                MethodDescriptor.generateFullMethodName(
                    method.getService().getFullName(), method.getName()))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .setSchemaDescriptor(new Description(method));
    return switch (method.getOptions().getIdempotencyLevel()) {
      case IDEMPOTENT -> builder.setIdempotent(true).build();
      case NO_SIDE_EFFECTS -> builder.setSafe(true).build();
      case IDEMPOTENCY_UNKNOWN -> builder.build();
    };
  }

  private static MethodType type(Descriptors.MethodDescriptor method) {
    if (method.isClientStreaming()) {
      return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
    }
    return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }

  private record Description(Descriptors.MethodDescriptor method)
      implements ProtoMethodDescriptorSupplier {
    @Override
    public Descriptors.MethodDescriptor getMethodDescriptor() {
      return method;
    }

    @Override
    public Descriptors.ServiceDescriptor getServiceDescriptor() {
      return method.getService();
    }

    @Override
    public Descriptors.FileDescriptor getFileDescriptor() {
      return method.getFile();
    }
  }
}
