package blackhole.orchestrator.call;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.probe.v1.ProbeGrpc;
import com.google.protobuf.Descriptors;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What interceptors and policies see must not differ from what generated code shows them. */
class GrpcMethodsTest {
  static List<MethodDescriptor<?, ?>> generated() {
    return List.copyOf(ProbeGrpc.getServiceDescriptor().getMethods());
  }

  @ParameterizedTest
  @MethodSource("generated")
  void areAsGeneratedOnes(MethodDescriptor<?, ?> expected) {
    Descriptors.MethodDescriptor described =
        ((ProtoMethodDescriptorSupplier) expected.getSchemaDescriptor()).getMethodDescriptor();
    MethodDescriptor<?, ?> made = GrpcMethods.of(described);
    assertThat(made.getFullMethodName()).isEqualTo(expected.getFullMethodName());
    assertThat(made.getType()).isEqualTo(expected.getType());
    assertThat(made.isIdempotent()).isEqualTo(expected.isIdempotent());
    assertThat(made.isSafe()).isEqualTo(expected.isSafe());
    assertThat(made.getSchemaDescriptor())
        .isInstanceOfSatisfying(
            ProtoMethodDescriptorSupplier.class,
            schema -> assertThat(schema.getMethodDescriptor()).isSameAs(described));
  }
}
