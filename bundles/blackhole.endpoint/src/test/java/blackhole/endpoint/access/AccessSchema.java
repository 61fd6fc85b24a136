package blackhole.endpoint.access;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceOptions;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.List;

/** A service of a {@code .proto} that was never written: a method for each kind of access. */
public final class AccessSchema {
  public static final String SERVICE = "test.Guarded";

  private AccessSchema() {}

  /** The same method, with a schema that says this of it. */
  public static <ReqT, RespT> MethodDescriptor<ReqT, RespT> described(
      MethodDescriptor<ReqT, RespT> method, Access access) {
    return described(
        method,
        MethodOptions.newBuilder().setExtension(AccessOuterClass.access, access).build(),
        ServiceOptions.getDefaultInstance());
  }

  static <ReqT, RespT> MethodDescriptor<ReqT, RespT> described(
      MethodDescriptor<ReqT, RespT> method, MethodOptions options, ServiceOptions service) {
    Descriptors.MethodDescriptor described =
        schema(method.getBareMethodName(), options, service)
            .findServiceByName("Guarded")
            .getMethods()
            .get(0);
    return method.toBuilder().setSchemaDescriptor(new Schema(described)).build();
  }

  private static FileDescriptor schema(
      String method, MethodOptions options, ServiceOptions serviceOptions) {
    ServiceDescriptorProto service =
        ServiceDescriptorProto.newBuilder()
            .setName("Guarded")
            .setOptions(serviceOptions)
            .addMethod(
                MethodDescriptorProto.newBuilder()
                    .setName(method)
                    .setInputType(".google.protobuf.Empty")
                    .setOutputType(".google.protobuf.Empty")
                    .setOptions(options))
            .build();
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("guarded.proto")
            .setPackage("test")
            .addDependency("google/protobuf/empty.proto")
            .addService(service)
            .build();
    try {
      return FileDescriptor.buildFrom(
          file, List.of(EmptyProto.getDescriptor()).toArray(FileDescriptor[]::new));
    } catch (Descriptors.DescriptorValidationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What a reader finds that does not know the extension. */
  static UnknownFieldSet unknown(int field, long value) {
    return UnknownFieldSet.newBuilder()
        .addField(field, UnknownFieldSet.Field.newBuilder().addVarint(value).build())
        .build();
  }

  private record Schema(Descriptors.MethodDescriptor method)
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
    public FileDescriptor getFileDescriptor() {
      return method.getFile();
    }
  }
}
