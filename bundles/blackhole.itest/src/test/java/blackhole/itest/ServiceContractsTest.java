package blackhole.itest;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import blackhole.analytics.v1.AnalyticsGrpc;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.health.v1.HealthGrpc;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.indexer.v1.IndexerGrpc;
import blackhole.ledger.v1.LedgerGrpc;
import blackhole.storage.v1.StorageGrpc;
import blackhole.telemetry.v1.TelemetryGrpc;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method of every service has to say of itself, read off the descriptors. */
public class ServiceContractsTest {
  /** Of the node, and what its hosts serve beside them. */
  public static Stream<ServiceDescriptor> services() {
    return Stream.of(
            IdentityGrpc.getServiceDescriptor(),
            StorageGrpc.getServiceDescriptor(),
            LedgerGrpc.getServiceDescriptor(),
            EventStreamGrpc.getServiceDescriptor(),
            AnalyticsGrpc.getServiceDescriptor(),
            IndexerGrpc.getServiceDescriptor(),
            TelemetryGrpc.getServiceDescriptor(),
            HealthGrpc.getServiceDescriptor())
        .map(ServiceContractsTest::schema);
  }

  private static ServiceDescriptor schema(io.grpc.ServiceDescriptor service) {
    return ((ProtoServiceDescriptorSupplier) service.getSchemaDescriptor()).getServiceDescriptor();
  }

  static Stream<MethodDescriptor> methods() {
    return services().flatMap(service -> service.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void saysWhetherItMayBeRepeated(MethodDescriptor method) {
    MethodOptions options = method.getOptions();
    assertThat(options.hasIdempotencyLevel()).isTrue();
    boolean registers = method.getFullName().equals("blackhole.identity.v1.Identity.Register");
    // of all that there is to do, this alone cannot be told from its repetition
    assertThat(options.getIdempotencyLevel() == IdempotencyLevel.IDEMPOTENCY_UNKNOWN)
        .isEqualTo(registers);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void saysWhoMayCallIt(MethodDescriptor method) {
    MethodOptions options = method.getOptions();
    assertThat(options.hasExtension(AccessOuterClass.access)).isTrue();
    // who has no token yet has to get one, and whoever gets in may ask how a service does
    boolean open =
        method.getService().getFullName().equals("blackhole.identity.v1.Identity")
            || method.getInputType().getFullName().equals("blackhole.health.v1.HealthRequest");
    assertThat(options.getExtension(AccessOuterClass.access))
        .isEqualTo(open ? Access.ACCESS_LOCAL : Access.ACCESS_USER_OR_HOST);
  }

  /** What may be any number of messages comes page by page, or as a stream. */
  @ParameterizedTest
  @MethodSource("methods")
  void pagesWhatItLists(MethodDescriptor method) {
    List<String> asked = names(method.getInputType().getFields());
    List<String> answered = names(method.getOutputType().getFields());
    assertThat(asked.contains("page_size"))
        .isEqualTo(asked.contains("page_token"))
        .isEqualTo(answered.contains("next_page_token"));
    boolean lists =
        !method.isServerStreaming()
            && method.getOutputType().getFields().stream()
                .anyMatch(field -> field.isRepeated() && !field.isMapField() && isMessage(field));
    if (lists && !asked.contains("page_token")) {
      // bounded otherwise: by what is asked for, or by what there is
      assertThat(method.getFullName())
          .isIn(
              "blackhole.analytics.v1.Analytics.Top",
              "blackhole.ledger.v1.Ledger.Verify",
              "blackhole.identity.v1.Identity.ResolveDID");
    }
  }

  private static boolean isMessage(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }

  private static List<String> names(List<FieldDescriptor> fields) {
    return fields.stream().map(FieldDescriptor::getName).toList();
  }
}
