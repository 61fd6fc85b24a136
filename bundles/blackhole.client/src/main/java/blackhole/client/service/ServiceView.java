package blackhole.client.service;

import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.ServiceRecord;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.Optional;

/** What a call needs to know of its service, as of one change of the registry. */
record ServiceView(
    Optional<ServiceRecord> record, CallPolicy policy, boolean localUsable, boolean remoteUsable) {
  static ServiceView of(Optional<ServiceRecord> record) {
    return new ServiceView(
        record,
        record.map(ServiceRecord::policy).orElse(CallPolicy.DEFAULT),
        record.filter(Side.LOCAL::isUsable).isPresent(),
        record.filter(Side.REMOTE::isUsable).isPresent());
  }

  /** Whether a call of this method may go to another node. */
  boolean allowsRemote(CallPolicy terms, MethodDescriptor<?, ?> method) {
    return switch (terms.remoteFallback()) {
      case NEVER -> false;
      case READS -> reads(method);
      case ALWAYS -> true;
    };
  }

  /** By what the service published of itself; before it has, by what the caller's stub knows. */
  private boolean reads(MethodDescriptor<?, ?> method) {
    Idempotency published =
        record.map(service -> service.methods().get(method.getFullMethodName())).orElse(null);
    if (published != null) {
      return published == Idempotency.NO_SIDE_EFFECTS;
    }
    if (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier proto) {
      return proto.getMethodDescriptor().getOptions().getIdempotencyLevel()
          == IdempotencyLevel.NO_SIDE_EFFECTS;
    }
    return method.isSafe();
  }
}
