package blackhole.endpoint;

import blackhole.api.rpc.Channels;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.HandlerSwitch;
import blackhole.api.rpc.HostCallers;
import blackhole.api.service.DrainListener;
import blackhole.endpoint.access.AccessControl;
import blackhole.endpoint.call.PlatformServices;
import blackhole.endpoint.health.HealthComponent;
import io.grpc.BindableService;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@link GrpcEndpoint} as a service, and the whiteboard of {@link BindableService}. */
@Component(service = {Endpoint.class, HandlerSwitch.class})
public final class EndpointComponent implements Endpoint, HandlerSwitch {
  private static final System.Logger LOG = System.getLogger(EndpointComponent.class.getName());

  private final AccessControl access = new AccessControl(() -> this.hosts, () -> this.channels);
  private final ServiceTable services = new ServiceTable(PlatformServices.NAMES, access::guard);
  private final GrpcEndpoint endpoint;

  /** Knows this node's hosts; there is none in a process that runs alone. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable HostCallers hosts;

  /** The way to identity, which knows users. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Channels channels;

  /** Those with calls that nobody could wait for. */
  private final Set<ServiceReference<DrainListener>> drainListeners = ConcurrentHashMap.newKeySet();

  private final BundleContext context;

  @Activate
  public EndpointComponent(BundleContext context, @Reference HealthComponent health) {
    this.context = context;
    endpoint = new GrpcEndpoint(services, health.health(), health.calls());
  }

  @Reference(
      service = BindableService.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindService(ServiceReference<BindableService> reference, BindableService service) {
    Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
    services.add(
        id(reference),
        ranking instanceof Integer number ? number : 0,
        reference.getBundle().getBundleId(),
        service);
  }

  void unbindService(ServiceReference<BindableService> reference) {
    services.remove(id(reference));
  }

  @Reference(
      service = DrainListener.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindDrainListener(ServiceReference<DrainListener> reference) {
    drainListeners.add(reference);
  }

  void unbindDrainListener(ServiceReference<DrainListener> reference) {
    drainListeners.remove(reference);
  }

  private static long id(ServiceReference<?> reference) {
    return (Long) reference.getProperty(Constants.SERVICE_ID);
  }

  @Deactivate
  void deactivate() {
    endpoint.close();
    access.close();
    services.close();
  }

  @Override
  public void keepBack(long bundle) {
    services.keepBack(bundle);
  }

  @Override
  public Set<String> keptBack(long bundle) {
    return services.keptBack(bundle);
  }

  @Override
  public int endStreams(long bundle, Duration time) throws InterruptedException {
    return services.endStreams(bundle, time);
  }

  @Override
  public void hold(long bundle) {
    services.hold(bundle);
  }

  @Override
  public void serve(long from, long to) {
    services.serve(from, to);
  }

  @Override
  public void restore(long bundle) {
    services.restore(bundle);
  }

  @Override
  public int drain(long bundle, Duration streams, Duration timeout) throws InterruptedException {
    return services.drain(bundle, streams, timeout);
  }

  @Override
  public void forget(long bundle) {
    services.forget(bundle);
  }

  @Override
  public void open(EndpointAddress address) throws IOException {
    endpoint.open(address);
  }

  @Override
  public Set<String> services() {
    return endpoint.services();
  }

  @Override
  public void setServing(boolean serving) {
    endpoint.setServing(serving);
  }

  @Override
  public int drain(Duration timeout) throws InterruptedException {
    drainListeners.forEach(this::tellOfDrain);
    return endpoint.drain(timeout);
  }

  private void tellOfDrain(ServiceReference<DrainListener> reference) {
    try {
      DrainListener listener = context.getService(reference);
      if (listener != null) {
        listener.draining();
        boolean unused = context.ungetService(reference);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a service cannot be told that the host drains", e);
    }
  }
}
