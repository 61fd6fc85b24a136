package blackhole.orchestrator.remote;

import blackhole.api.registry.Idempotency;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.Map;

/** A service with a method of each level, for reflection only. */
final class Levels {
  static final Map<String, Idempotency> METHODS =
      Map.of(
          "test.v1.Levels/Plain", Idempotency.UNKNOWN,
          "test.v1.Levels/Again", Idempotency.IDEMPOTENT,
          "test.v1.Levels/Read", Idempotency.NO_SIDE_EFFECTS);

  static final BindableService SERVICE =
      () ->
          ServerServiceDefinition.builder(
                  ServiceDescriptor.newBuilder("test.v1.Levels")
                      .setSchemaDescriptor((ProtoFileDescriptorSupplier) Levels::file)
                      .build())
              .build();

  private Levels() {}

  private static FileDescriptor file() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("test/v1/levels.proto")
            .setPackage("test.v1")
            .addMessageType(DescriptorProto.newBuilder().setName("Nothing"))
            .addService(
                ServiceDescriptorProto.newBuilder()
                    .setName("Levels")
                    .addMethod(method("Plain"))
                    .addMethod(method("Again", IdempotencyLevel.IDEMPOTENT))
                    .addMethod(method("Read", IdempotencyLevel.NO_SIDE_EFFECTS)))
            // in the same file, and not served
            .addService(
                ServiceDescriptorProto.newBuilder().setName("Other").addMethod(method("Plain")))
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodDescriptorProto.Builder method(String name) {
    return MethodDescriptorProto.newBuilder()
        .setName(name)
        .setInputType(".test.v1.Nothing")
        .setOutputType(".test.v1.Nothing");
  }

  private static MethodDescriptorProto.Builder method(String name, IdempotencyLevel level) {
    return method(name).setOptions(MethodOptions.newBuilder().setIdempotencyLevel(level));
  }
}
