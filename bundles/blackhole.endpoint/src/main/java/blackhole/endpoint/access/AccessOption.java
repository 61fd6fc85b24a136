package blackhole.endpoint.access;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import com.google.protobuf.Descriptors;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a method's {@code .proto} says of who may call it: the method's own option, else its
 * service's default, else ACCESS_LOCAL.
 *
 * <p>It reads the options' bytes, not the extension: a bundle may have been built with a copy of
 * the extension's class, or with none, and then the same bytes are another extension, or an unknown
 * field.
 */
final class AccessOption {
  private static final System.Logger LOG = System.getLogger(AccessOption.class.getName());

  private AccessOption() {}

  static Access of(MethodDescriptor<?, ?> method) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier)) {
      return Access.ACCESS_LOCAL;
    }
    Descriptors.MethodDescriptor described = supplier.getMethodDescriptor();
    return read(described.getOptions(), AccessOuterClass.ACCESS_FIELD_NUMBER)
        .or(
            () ->
                read(
                    described.getService().getOptions(),
                    AccessOuterClass.DEFAULT_ACCESS_FIELD_NUMBER))
        .map(number -> access(number, method))
        .orElse(Access.ACCESS_LOCAL);
  }

  private static Optional<Long> read(MessageLite options, int field) {
    try {
      List<Long> values =
          UnknownFieldSet.parseFrom(options.toByteString()).getField(field).getVarintList();
      // the last one counts, as for any field that is there more than once; 0 says nothing
      return values.isEmpty()
          ? Optional.empty()
          : Optional.of(values.get(values.size() - 1)).filter(number -> number != 0);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message's own bytes cannot be unreadable", e);
    }
  }

  private static Access access(long number, MethodDescriptor<?, ?> method) {
    Access access = Access.forNumber((int) number);
    if (access == null) {
      LOG.log(
          Level.ERROR,
          "{0} says access = {1}, which this release does not know: only admins may call it",
          method.getFullMethodName(),
          Long.toString(number));
      return Access.ACCESS_ADMIN;
    }
    return access;
  }
}
