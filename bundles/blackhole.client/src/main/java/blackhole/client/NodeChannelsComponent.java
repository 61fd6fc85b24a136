package blackhole.client;

import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.NodeChannels;
import blackhole.client.tls.NodeTls;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** {@link TlsNodeChannels} as a service. */
@Component
public final class NodeChannelsComponent implements NodeChannels {
  private final NodeTls tls;
  private final TlsNodeChannels channels;

  @Activate
  public NodeChannelsComponent(
      @Reference CallerIdentity identity, @Reference ClientThreadsComponent threads) {
    tls = new NodeTls(identity);
    channels = new TlsNodeChannels(threads.threads(), tls);
  }

  @Deactivate
  void deactivate() {
    tls.close();
  }

  @Override
  public ManagedChannel open(
      String nodeId, String host, int port, Optional<Path> certificateAuthority) {
    return channels.open(nodeId, host, port, certificateAuthority);
  }
}
