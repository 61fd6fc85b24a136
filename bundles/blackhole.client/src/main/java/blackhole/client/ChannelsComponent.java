package blackhole.client;

import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import blackhole.api.observe.Tracer;
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
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * {@link ServiceClients} as a service. They are made when somebody first asks for a channel: every
 * host has this component, because its endpoint may have to ask identity one day, and most never
 * call anybody.
 */
@Component
public final class ChannelsComponent implements Channels, CallStatistics, MetricSource {
  private final ServiceDirectory directory;
  private final CallerIdentity identity;
  private final ClientThreadsComponent threads;

  /** Records calls, where somebody keeps that. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Tracer tracer;

  private volatile @Nullable Made made;
  private boolean closed; // guarded by this

  private record Made(NodeTls tls, ServiceClients clients) {}

  @Activate
  public ChannelsComponent(
      @Reference ServiceDirectory directory,
      @Reference CallerIdentity identity,
      @Reference ClientThreadsComponent threads) {
    this.directory = directory;
    this.identity = identity;
    this.threads = threads;
  }

  private ServiceClients clients() {
    Made present = made;
    return present == null ? make() : present.clients();
  }

  private synchronized ServiceClients make() {
    Made present = made;
    if (present == null) {
      if (closed) {
        throw new IllegalStateException("this process makes no more calls");
      }
      NodeTls tls = new NodeTls(identity);
      ServiceClients clients =
          new ServiceClients(
              directory, identity, new NettyTransports(threads.threads(), tls), () -> tracer);
      present = new Made(tls, clients);
      made = present;
    }
    return present.clients();
  }

  @Deactivate
  public synchronized void deactivate() {
    closed = true;
    Made present = made;
    if (present != null) {
      present.clients().close();
      present.tls().close();
    }
  }

  @Override
  public Channel to(String service) {
    return clients().to(service);
  }

  @Override
  public Channel to(String service, UnaryOperator<CallPolicy> override) {
    return clients().to(service, override);
  }

  @Override
  public List<ServiceCalls> calls() {
    Made present = made;
    return present == null ? List.of() : present.clients().calls();
  }

  @Override
  public List<Metric> metrics() {
    Made present = made;
    return present == null ? List.of() : present.clients().metrics();
  }
}
