package blackhole.endpoint;

import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The services that bundles have registered, as gRPC looks them up call by call. Of two with the
 * same gRPC name the one with the higher ranking is served, of equals the older; when it goes, the
 * other takes over. Registrations are told apart by id, so a removal that comes late never takes
 * away a newer registration of the same service. Thread-safe; lookups take no lock.
 */
final class ServiceTable extends HandlerRegistry {
  private static final System.Logger LOG = System.getLogger(ServiceTable.class.getName());

  private static final Comparator<Registration> BEST_FIRST =
      Comparator.comparingInt(Registration::ranking).reversed().thenComparingLong(Registration::id);

  private record Registration(long id, int ranking, ServerServiceDefinition definition) {
    String name() {
      return definition.getServiceDescriptor().getName();
    }
  }

  /** What is served now. */
  private record Served(
      Map<String, ServerServiceDefinition> services,
      Map<String, ServerMethodDefinition<?, ?>> methods) {}

  private final Set<String> reserved;
  private final UnaryOperator<ServerServiceDefinition> guard;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<Long, Registration> registrations = new LinkedHashMap<>(); // guarded by this
  private volatile Served served = new Served(Map.of(), Map.of());

  /**
   * @param reserved names that are the platform's own, which no bundle can take
   * @param guard puts itself before each method of a service that comes
   */
  ServiceTable(Set<String> reserved, UnaryOperator<ServerServiceDefinition> guard) {
    this.reserved = Set.copyOf(reserved);
    this.guard = guard;
  }

  /** Called after every change, on the thread that made it. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * @param id unique for ever, as the framework's service ids are
   */
  void add(long id, int ranking, BindableService service) {
    ServerServiceDefinition definition;
    try {
      definition = guard.apply(service.bindService());
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, service.getClass().getName() + " cannot be served", e);
      return;
    }
    Registration added = new Registration(id, ranking, definition);
    if (reserved.contains(added.name())) {
      LOG.log(
          Level.WARNING,
          "{0} is the platform''s own service: the one of {1} is not served",
          added.name(),
          service.getClass().getName());
      return;
    }
    synchronized (this) {
      registrations.put(id, added);
      warnOfRival(added);
      publish();
    }
    listeners.forEach(Runnable::run);
  }

  void remove(long id) {
    synchronized (this) {
      if (registrations.remove(id) == null) {
        return;
      }
      publish();
    }
    listeners.forEach(Runnable::run);
  }

  private void warnOfRival(Registration added) {
    List<Registration> sameName =
        registrations.values().stream().filter(r -> r.name().equals(added.name())).toList();
    if (sameName.size() > 1) {
      Registration best = sameName.stream().min(BEST_FIRST).orElseThrow();
      LOG.log(
          Level.WARNING,
          "{0} is registered {1} times: service {2} with ranking {3} is served",
          added.name(),
          sameName.size(),
          Long.toString(best.id()),
          best.ranking());
    }
  }

  private void publish() {
    Map<String, ServerServiceDefinition> services = new TreeMap<>();
    Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    List<Registration> bestFirst = new ArrayList<>(registrations.values());
    bestFirst.sort(BEST_FIRST);
    for (Registration registration : bestFirst) {
      if (services.putIfAbsent(registration.name(), registration.definition()) == null) {
        for (ServerMethodDefinition<?, ?> method : registration.definition().getMethods()) {
          methods.put(method.getMethodDescriptor().getFullMethodName(), method);
        }
      }
    }
    served = new Served(services, methods);
  }

  /** The full gRPC names that are served. */
  Set<String> names() {
    return Set.copyOf(served.services().keySet());
  }

  boolean contains(String name) {
    return served.services().containsKey(name);
  }

  /** For reflection. */
  @Override
  public List<ServerServiceDefinition> getServices() {
    return List.copyOf(served.services().values());
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String methodName, @Nullable String authority) {
    return served.methods().get(methodName);
  }
}
