package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import blackhole.testkit.TestNode;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks every method of a service with a wrong value in one field after the other: a number that is
 * less than any, a text that is none, a value of an enum that nobody knows.
 */
final class BadRequests {
  /** For these what is wrong is not told from what is unknown. */
  private static final Set<String> TELL_NOTHING =
      Set.of("blackhole.identity.v1.AuthRequest", "blackhole.identity.v1.ValidateTokenRequest");

  private static final String HEALTH = "blackhole.health.v1.HealthRequest";

  private BadRequests() {}

  /**
   * Asserts that each is refused, and by the field's name.
   *
   * @param channel on behalf of a user
   * @return how many there were
   */
  static int assertAreRefusedByField(Channel channel, ServiceDescriptor service) {
    int asked = 0;
    for (MethodDescriptor method : service.getMethods()) {
      String input = method.getInputType().getFullName();
      if (TELL_NOTHING.contains(input) || input.equals(HEALTH)) {
        continue;
      }
      for (FieldDescriptor field : method.getInputType().getFields()) {
        Object wrong = wrong(field);
        if (wrong != null) {
          assertThat(refused(channel, method, request(field, wrong)))
              .as("%s with %s = %s", method.getFullName(), field.getName(), wrong)
              .contains(field.getName());
          asked++;
        }
      }
    }
    return asked;
  }

  /** Null where nothing is wrong, or what is wrong is in a message of its own. */
  private static @Nullable Object wrong(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> -2; // -1 is "none" in one place
      case LONG -> -2L;
      case DOUBLE -> -2.0;
      case FLOAT -> -2.0f;
      case STRING -> "\u0001 ".repeat(1000);
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(4711);
      case BOOLEAN, BYTE_STRING, MESSAGE -> null;
    };
  }

  private static DynamicMessage request(FieldDescriptor field, Object value) {
    DynamicMessage.Builder request = DynamicMessage.newBuilder(field.getContainingType());
    return field.isRepeated()
        ? request.addRepeatedField(field, value).build()
        : request.setField(field, value).build();
  }

  /** The fields that the answer names. */
  private static List<String> refused(
      Channel channel, MethodDescriptor method, DynamicMessage request) {
    io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> call =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            // one message is sent, and no answer comes
            .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(
                io.grpc.MethodDescriptor.generateFullMethodName(
                    method.getService().getFullName(), method.getName()))
            .setRequestMarshaller(marshaller(method.getInputType()))
            .setResponseMarshaller(marshaller(method.getOutputType()))
            .build();
    CallOptions options =
        CallOptions.DEFAULT
            .withWaitForReady()
            .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    try {
      DynamicMessage answer = ClientCalls.blockingUnaryCall(channel, call, options, request);
      return fail("%s takes %s and answers %s", method.getFullName(), request, answer);
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode())
          .as("%s of %s: %s", method.getFullName(), request, e)
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      return violations(e).stream().map(FieldViolation::getField).toList();
    }
  }

  private static io.grpc.MethodDescriptor.Marshaller<DynamicMessage> marshaller(
      com.google.protobuf.Descriptors.Descriptor type) {
    return ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(type));
  }

  private static List<FieldViolation> violations(StatusRuntimeException failure) {
    try {
      for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
        if (detail.is(BadRequest.class)) {
          return detail.unpack(BadRequest.class).getFieldViolationsList();
        }
      }
      return List.of();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
