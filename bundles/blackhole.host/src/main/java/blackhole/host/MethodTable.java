package blackhole.host;

import blackhole.control.v1.Idempotency;
import blackhole.control.v1.Method;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a service's bundle serves.
 *
 * @param services full gRPC names, sorted
 * @param methods with what their {@code option idempotency_level} says, sorted by name
 */
record MethodTable(List<String> services, List<Method> methods) {
  static MethodTable of(Collection<ServerServiceDefinition> definitions) {
    List<String> services = new ArrayList<>();
    List<Method> methods = new ArrayList<>();
    for (ServerServiceDefinition definition : definitions) {
      services.add(definition.getServiceDescriptor().getName());
      for (MethodDescriptor<?, ?> method : definition.getServiceDescriptor().getMethods()) {
        methods.add(
            Method.newBuilder()
                .setName(method.getFullMethodName())
                .setIdempotency(idempotency(method))
                .build());
      }
    }
    services.sort(String::compareTo);
    methods.sort((a, b) -> a.getName().compareTo(b.getName()));
    return new MethodTable(List.copyOf(services), List.copyOf(methods));
  }

  /** A method without a proto description declares nothing, so nothing is assumed. */
  private static Idempotency idempotency(MethodDescriptor<?, ?> method) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier proto)) {
      return Idempotency.IDEMPOTENCY_UNSPECIFIED;
    }
    IdempotencyLevel level = proto.getMethodDescriptor().getOptions().getIdempotencyLevel();
    return switch (level) {
      case NO_SIDE_EFFECTS -> Idempotency.NO_SIDE_EFFECTS;
      case IDEMPOTENT -> Idempotency.IDEMPOTENT;
      case IDEMPOTENCY_UNKNOWN -> Idempotency.IDEMPOTENCY_UNSPECIFIED;
    };
  }
}
