package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.ServiceCalls;
import blackhole.client.service.Echo;
import blackhole.client.service.TestDirectory;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelsComponentTest {
  private final ClientThreadsComponent threads = new ClientThreadsComponent();
  private final ChannelsComponent channels =
      new ChannelsComponent(new TestDirectory(), new Nobody(), threads);

  @AfterEach
  void close() {
    channels.deactivate();
    threads.deactivate();
  }

  @Test
  void aProcessThatCallsNobodyMakesNothing() {
    assertThat(channels.calls()).isEmpty();
    assertThat(isRegistered()).isFalse();

    assertThat(channels.to("echo")).isSameAs(channels.to("echo"));
    assertThat(isRegistered()).isTrue();
    assertThat(channels.calls()).map(ServiceCalls::service).containsExactly("echo");

    channels.deactivate();
    assertThat(isRegistered()).isFalse();
  }

  @Test
  void nothingIsMadeAfterTheEnd() {
    channels.deactivate();
    assertThatThrownBy(() -> channels.to("echo")).isInstanceOf(IllegalStateException.class);
    assertThat(isRegistered()).isFalse();
  }

  @Test
  void aServiceThatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> TestNode.call(channels.to("echo"), Echo.READ))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  private static boolean isRegistered() {
    return NameResolverRegistry.getDefaultRegistry().getProviderForScheme("blackhole") != null;
  }

  private static final class Nobody implements CallerIdentity {
    @Override
    public String nodeId() {
      return "node-a";
    }

    @Override
    public String name() {
      return "caller-1";
    }

    @Override
    public Optional<String> callToken() {
      return Optional.empty();
    }

    @Override
    public Optional<TlsFiles> tls() {
      return Optional.empty();
    }
  }
}
