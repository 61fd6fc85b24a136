package blackhole.endpoint.health;

import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import blackhole.api.observe.Tracer;
import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthReporter;
import blackhole.api.service.ServiceMetrics;
import blackhole.endpoint.call.CallCounters;
import blackhole.endpoint.call.PlatformServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/**
 * The health of this process as a service, the whiteboard of {@link HealthCheck} and of {@link
 * ServiceMetrics}, and what the latter and the calls come to as metrics.
 *
 * <p>A check is got when it is first asked, not when it is registered: one component may well be a
 * health check *and* use the {@link HealthReporter}, and each would wait for the other to be made.
 */
@Component(service = {HealthReporter.class, MetricSource.class, HealthComponent.class})
public final class HealthComponent implements HealthReporter, MetricSource {
  private final BundleContext context;
  private final HealthChecks checks = new HealthChecks();
  private final Map<Long, HealthCheck> used = new ConcurrentHashMap<>();
  private final OwnMetrics metrics = new OwnMetrics();
  private final CallCounters calls;

  /** Records calls, where somebody keeps that. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Tracer tracer;

  private final HostHealth health;

  @Activate
  public HealthComponent(BundleContext context) {
    this.context = context;
    calls = new CallCounters(PlatformServices::isOwnMethod, () -> tracer);
    health = new HostHealth(checks, calls, new ProcessMetrics(), metrics::collect);
  }

  @Reference(
      service = HealthCheck.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCheck(ServiceReference<HealthCheck> reference) {
    long id = id(reference);
    checks.add(id, name(reference), () -> used.computeIfAbsent(id, unused -> get(reference)));
  }

  void unbindCheck(ServiceReference<HealthCheck> reference) {
    long id = id(reference);
    checks.remove(id);
    if (used.remove(id) != null) {
      context.ungetService(reference);
    }
  }

  @Reference(
      service = ServiceMetrics.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindMetrics(ServiceReference<ServiceMetrics> reference) {
    // got when it is asked, for the same reason
    metrics.add(
        id(reference),
        reference.getBundle().getSymbolicName(),
        () -> context.getService(reference));
  }

  void unbindMetrics(ServiceReference<ServiceMetrics> reference) {
    if (metrics.remove(id(reference))) {
      context.ungetService(reference);
    }
  }

  private HealthCheck get(ServiceReference<HealthCheck> reference) {
    return Objects.requireNonNull(
        context.getService(reference), "it is registered, but its component cannot be made");
  }

  private static long id(ServiceReference<?> reference) {
    return (Long) reference.getProperty(Constants.SERVICE_ID);
  }

  private static String name(ServiceReference<?> reference) {
    Object component = reference.getProperty("component.name");
    return component == null ? "of service " + id(reference) : component.toString();
  }

  @Deactivate
  void deactivate() {
    checks.close();
  }

  @Override
  public HealthReport report() {
    return health.report();
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(calls.metrics());
    all.addAll(metrics.metrics());
    return all;
  }

  public HostHealth health() {
    return health;
  }

  public CallCounters calls() {
    return calls;
  }
}
