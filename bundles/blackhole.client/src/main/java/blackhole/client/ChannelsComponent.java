package blackhole.client;

import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.CallStatistics;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.ServiceCalls;
import blackhole.client.service.ServiceClients;
import blackhole.client.tls.NodeTls;
import io.grpc.Channel;
import java.util.List;
import java.util.function.UnaryOperator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** {@link ServiceClients} as a service. */
@Component
public final class ChannelsComponent implements Channels, CallStatistics {
  private final NodeTls tls;
  private final ServiceClients clients;

  @Activate
  public ChannelsComponent(
      @Reference ServiceDirectory directory,
      @Reference CallerIdentity identity,
      @Reference ClientThreadsComponent threads) {
    tls = new NodeTls(identity);
    clients = new ServiceClients(directory, identity, new NettyTransports(threads.threads(), tls));
  }

  @Deactivate
  public void deactivate() {
    clients.close();
    tls.close();
  }

  @Override
  public Channel to(String service) {
    return clients.to(service);
  }

  @Override
  public Channel to(String service, UnaryOperator<CallPolicy> override) {
    return clients.to(service, override);
  }

  @Override
  public List<ServiceCalls> calls() {
    return clients.calls();
  }
}
