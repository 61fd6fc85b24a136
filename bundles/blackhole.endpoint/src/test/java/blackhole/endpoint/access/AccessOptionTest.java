package blackhole.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import blackhole.endpoint.LogCapture;
import blackhole.identity.v1.IdentityGrpc;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceOptions;
import io.grpc.MethodDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessOptionTest {
  private static final MethodDescriptor<?, ?> METHOD = IdentityGrpc.getAuthenticateMethod();
  private static final MethodOptions NO_OPTION = MethodOptions.getDefaultInstance();
  private static final ServiceOptions NO_DEFAULT = ServiceOptions.getDefaultInstance();

  @ParameterizedTest
  @EnumSource(
      value = Access.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ACCESS_UNSPECIFIED", "UNRECOGNIZED"})
  void readsTheExtensionAndTheUnknownField(Access access) {
    assertThat(AccessOption.of(AccessSchema.described(METHOD, access))).isEqualTo(access);

    MethodOptions unknown =
        MethodOptions.newBuilder()
            .setUnknownFields(
                AccessSchema.unknown(AccessOuterClass.ACCESS_FIELD_NUMBER, access.getNumber()))
            .build();
    assertThat(AccessOption.of(AccessSchema.described(METHOD, unknown, NO_DEFAULT)))
        .isEqualTo(access);
  }

  @Test
  void theServicesDefaultIsForMethodsThatDoNotSay() {
    ServiceOptions hosts =
        ServiceOptions.newBuilder()
            .setExtension(AccessOuterClass.defaultAccess, Access.ACCESS_HOST)
            .build();
    MethodOptions user =
        MethodOptions.newBuilder()
            .setExtension(AccessOuterClass.access, Access.ACCESS_USER)
            .build();
    MethodOptions unspecified =
        MethodOptions.newBuilder()
            .setExtension(AccessOuterClass.access, Access.ACCESS_UNSPECIFIED)
            .build();

    assertThat(AccessOption.of(AccessSchema.described(METHOD, NO_OPTION, hosts)))
        .isEqualTo(Access.ACCESS_HOST);
    assertThat(AccessOption.of(AccessSchema.described(METHOD, unspecified, hosts)))
        .isEqualTo(Access.ACCESS_HOST);
    assertThat(AccessOption.of(AccessSchema.described(METHOD, user, hosts)))
        .isEqualTo(Access.ACCESS_USER);
  }

  @Test
  void whatSaysNothingIsLocal() {
    assertThat(AccessOption.of(METHOD)).isEqualTo(Access.ACCESS_LOCAL);
    assertThat(AccessOption.of(METHOD.toBuilder().setSchemaDescriptor(null).build()))
        .isEqualTo(Access.ACCESS_LOCAL);
  }

  @Test
  void aKindOfTheFutureIsForAdminsOnly() {
    MethodOptions unknown =
        MethodOptions.newBuilder()
            .setUnknownFields(AccessSchema.unknown(AccessOuterClass.ACCESS_FIELD_NUMBER, 77))
            .build();
    try (LogCapture log = new LogCapture(AccessOption.class.getName())) {
      assertThat(AccessOption.of(AccessSchema.described(METHOD, unknown, NO_DEFAULT)))
          .isEqualTo(Access.ACCESS_ADMIN);
      assertThat(log.warnings()).singleElement().asString().contains("access = 77");
    }
  }
}
