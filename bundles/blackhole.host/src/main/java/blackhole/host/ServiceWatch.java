package blackhole.host;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Watches a started bundle until every component of it that offers a gRPC service is there, which
 * includes that it could be activated. Looks again whenever a service comes, goes or changes: a
 * component's state never changes without one of these, and SCR's own service changes too. Looks
 * are serial, on the executor.
 */
final class ServiceWatch implements AllServiceListener {
  private static final Logger LOG = System.getLogger(ServiceWatch.class.getName());
  private static final String BINDABLE = BindableService.class.getName();
  private static final String COMPONENT_NAME = "component.name";

  private final BundleContext context;
  private final ServiceComponentRuntime runtime;
  private final Bundle service;
  private final Bundle[] bundles;
  private final Executor executor;
  private final HostedService.Listener listener;
  private final ScheduledExecutorService timer;
  private final Backoff retries =
      new Backoff(Duration.ofMillis(5), Duration.ofSeconds(1), Math::random);
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean closed;
  private String lastStep = "";
  private final Set<String> told = new HashSet<>();

  /**
   * @param bundles the service's bundle and its libraries, all started
   */
  ServiceWatch(
      BundleContext context,
      ServiceComponentRuntime runtime,
      Bundle service,
      Collection<Bundle> bundles,
      Executor executor,
      ScheduledExecutorService timer,
      HostedService.Listener listener) {
    this.context = context;
    this.runtime = runtime;
    this.service = service;
    this.bundles = bundles.toArray(Bundle[]::new);
    this.executor = executor;
    this.timer = timer;
    this.listener = listener;
  }

  void open() {
    context.addServiceListener(this);
    request();
  }

  void close() {
    closed = true;
    context.removeServiceListener(this);
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    request();
  }

  /** Any number of events during a look lead to one more. */
  private void request() {
    if (requests.getAndIncrement() > 0) {
      return;
    }
    try {
      executor.execute(this::lookUntilCalm);
    } catch (RejectedExecutionException e) {
      // the host is taken down; nobody waits for this service any more
      close();
    }
  }

  private void lookUntilCalm() {
    int seen;
    do {
      seen = requests.get();
      if (!closed) {
        look();
      }
    } while (requests.addAndGet(-seen) > 0);
  }

  private void look() {
    ComponentDiagnosis diagnosis =
        new ComponentDiagnosis(
            runtime::getComponentDescriptionDTOs, runtime::getComponentConfigurationDTOs);
    Optional<String> failure = failure(diagnosis);
    if (failure.isPresent()) {
      fail(failure.get());
      return;
    }
    List<ServiceReference<?>> registered = registered();
    List<ComponentDescriptionDTO> required = required();
    if (required.isEmpty() && registered.isEmpty()) {
      fail(
          "bundle "
              + service.getSymbolicName()
              + " offers no gRPC service: it has no component with"
              + " @Component(service = BindableService.class)");
      return;
    }
    for (ComponentDescriptionDTO component : required) {
      if (!isAmong(registered, component)) {
        progress(diagnosis.waitsFor(component));
        return;
      }
    }
    activate(registered, diagnosis);
  }

  private Optional<String> failure(ComponentDiagnosis diagnosis) {
    return diagnosis.failure(runtime.getComponentDescriptionDTOs(bundles));
  }

  /** Components that their author left disabled are not waited for. */
  private List<ComponentDescriptionDTO> required() {
    return runtime.getComponentDescriptionDTOs(service).stream()
        .filter(component -> List.of(component.serviceInterfaces).contains(BINDABLE))
        .filter(runtime::isComponentEnabled)
        .toList();
  }

  private List<ServiceReference<?>> registered() {
    ServiceReference<?> @Nullable [] references = service.getRegisteredServices();
    List<ServiceReference<?>> bindable = new ArrayList<>();
    if (references != null) {
      for (ServiceReference<?> reference : references) {
        if (reference.getProperty(Constants.OBJECTCLASS) instanceof String[] types
            && List.of(types).contains(BINDABLE)) {
          bindable.add(reference);
        }
      }
    }
    return bindable;
  }

  private static boolean isAmong(
      List<ServiceReference<?>> registered, ComponentDescriptionDTO component) {
    return registered.stream()
        .anyMatch(reference -> component.name.equals(reference.getProperty(COMPONENT_NAME)));
  }

  /** Gets each service object, since a component that is only registered may still fail. */
  private void activate(List<ServiceReference<?>> registered, ComponentDiagnosis diagnosis) {
    List<ServerServiceDefinition> definitions = new ArrayList<>();
    for (ServiceReference<?> reference : registered) {
      if (told.add(name(reference))) {
        progress("activates " + name(reference));
      }
      @Nullable Object object = context.getService(reference);
      if (!(object instanceof BindableService bindable)) {
        notActivated(reference, diagnosis);
        return;
      }
      try {
        definitions.add(bindable.bindService());
      } catch (RuntimeException | LinkageError e) {
        LOG.log(Level.ERROR, name(reference) + " cannot be served", e);
        fail(name(reference) + " cannot be served: " + FailureText.of(e));
        return;
      }
    }
    close();
    listener.satisfied(definitions);
  }

  /**
   * SCR gives null for three reasons: the component failed, which SCR knows of then; its class does
   * not load, which SCR only logs; or it is just being put together on another thread, which ends
   * without an event.
   */
  private void notActivated(ServiceReference<?> reference, ComponentDiagnosis diagnosis) {
    Optional<String> failure = failure(diagnosis).or(this::unloadable);
    if (failure.isPresent()) {
      fail(failure.get());
      return;
    }
    progress("waits until " + name(reference) + " can be activated");
    Future<?> unused =
        timer.schedule(this::request, retries.next().toNanos(), TimeUnit.NANOSECONDS);
  }

  private Optional<String> unloadable() {
    for (Bundle bundle : bundles) {
      for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
        Optional<String> problem = ClassProbe.problem(bundle, component);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  private static String name(ServiceReference<?> reference) {
    Object name = reference.getProperty(COMPONENT_NAME);
    return name == null ? "service " + reference : "component " + name;
  }

  private void progress(String step) {
    if (!step.equals(lastStep)) {
      lastStep = step;
      listener.progress(step);
    }
  }

  private void fail(String reason) {
    close();
    listener.failed(reason);
  }
}
