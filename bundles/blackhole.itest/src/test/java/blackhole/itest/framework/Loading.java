package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.framework.echo.StringMethods;
import com.google.protobuf.StringValue;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.function.BiFunction;

/** What bundles must be able to load, and what not, however the host is made. */
final class Loading {
  private static final MethodDescriptor<StringValue, StringValue> LOAD =
      StringMethods.method("Loader", "Load");
  private static final MethodDescriptor<StringValue, StringValue> LOAD_AS_STRANGER =
      StringMethods.method("Loader", "LoadAsStranger");

  private static final List<String> INSIDES =
      List.of(
          "io.grpc.internal.GrpcUtil",
          "io.grpc.netty.NettyServerBuilder",
          "io.netty.channel.Channel",
          "blackhole.api.host.Assignment",
          "blackhole.api.service.HostInfo",
          "blackhole.control.v1.Hello",
          "blackhole.endpoint.GrpcEndpoint",
          "blackhole.host.HostComponent",
          "blackhole.boot.Main",
          "org.apache.felix.framework.Felix");

  private static final List<String> IMPORTED =
      List.of("io.grpc.Status", "com.google.protobuf.StringValue");

  private Loading() {}

  /** Asks the bundle of the tests' loader service, whichever way a call goes there. */
  static void assertIsolated(
      BiFunction<MethodDescriptor<StringValue, StringValue>, String, String> call) {
    for (String imported : IMPORTED) {
      assertThat(call.apply(LOAD, imported)).isEqualTo("loaded " + imported);
      assertThat(call.apply(LOAD_AS_STRANGER, imported)).as(imported).isEqualTo("not found");
    }
    for (String inside : INSIDES) {
      assertThat(call.apply(LOAD, inside)).as(inside).isEqualTo("not found");
      assertThat(call.apply(LOAD_AS_STRANGER, inside)).as(inside).isEqualTo("not found");
    }
    assertThat(call.apply(LOAD_AS_STRANGER, "org.osgi.framework.Bundle"))
        .isEqualTo("loaded org.osgi.framework.Bundle");
  }
}
