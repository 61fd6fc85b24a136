package blackhole.endpoint;

import blackhole.api.rpc.HandlerSwitch;
import blackhole.endpoint.Registrations.Bound;
import blackhole.endpoint.Registrations.Held;
import blackhole.endpoint.Registrations.Place;
import blackhole.endpoint.Registrations.Registration;
import blackhole.endpoint.Registrations.View;
import blackhole.endpoint.call.Generation;
import blackhole.endpoint.call.Generations;
import blackhole.endpoint.call.OpenCall;
import blackhole.endpoint.call.OpenCalls;
import blackhole.endpoint.call.TypedCall;
import blackhole.endpoint.gate.HandlerDrain;
import blackhole.endpoint.gate.HeldCalls;
import blackhole.endpoint.gate.HeldCalls.HeldCall;
import blackhole.endpoint.gate.ServiceShape;
import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The services that bundles have registered, as gRPC looks them up call by call. Of two with the
 * same gRPC name the one with the higher ranking is served, of equals the older; when it goes, the
 * other takes over. Registrations are told apart by id, so a removal that comes late never takes
 * away a newer registration of the same service. Thread-safe; lookups take no lock.
 *
 * <p>A call belongs to the {@link Generation} of the registration that it finds when it is looked
 * up, and the end of a registration waits for its calls. What is published comes before the close
 * of a generation, so a call that finds one closed looks again and finds what has come after it.
 */
final class ServiceTable extends HandlerRegistry implements HandlerSwitch, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ServiceTable.class.getName());

  /** DS waits for its locks for five seconds, and then goes on as if it had them. */
  private static final Duration REMOVAL = Duration.ofSeconds(4);

  private final Set<String> reserved;
  private final UnaryOperator<ServerServiceDefinition> guard;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Registrations registrations = new Registrations(); // guarded by this
  private final OpenCalls openCalls = new OpenCalls();
  private final HeldCalls heldCalls = new HeldCalls();
  private volatile View view = registrations.view();

  /**
   * @param reserved names that are the platform's own, which no bundle can take
   * @param guard puts itself before each method of a service that comes
   */
  ServiceTable(Set<String> reserved, UnaryOperator<ServerServiceDefinition> guard) {
    this.reserved = Set.copyOf(reserved);
    this.guard = guard;
  }

  /** What servers of this table note their calls in. */
  OpenCalls openCalls() {
    return openCalls;
  }

  /** Called after every change, on the thread that made it. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  void add(long id, int ranking, BindableService service) {
    add(id, ranking, 0, service);
  }

  /**
   * @param id unique for ever, as the framework's service ids are
   * @param owner the bundle that it comes from
   */
  void add(long id, int ranking, long owner, BindableService service) {
    ServerServiceDefinition definition;
    try {
      definition = guard.apply(service.bindService());
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, service.getClass().getName() + " cannot be served", e);
      return;
    }
    ServiceShape shape = ServiceShape.of(definition.getServiceDescriptor(), this::startHeld);
    if (reserved.contains(shape.name())) {
      LOG.log(
          Level.WARNING,
          "{0} is the platform''s own service: the one of {1} is not served",
          shape.name(),
          service.getClass().getName());
      return;
    }
    Registration added = new Registration(id, ranking, owner, definition, shape, new Generations());
    change(
        () -> {
          registrations.add(added);
          warnOfRival(added);
        });
  }

  /** Returns when the calls that it had have ended, or were ended because they took too long. */
  void remove(long id) {
    Optional<Registration> removed;
    boolean replaced;
    synchronized (this) {
      removed = registrations.remove(id);
      replaced = removed.isPresent() && registrations.isReplaced(removed.get().owner());
    }
    if (removed.isEmpty()) {
      return;
    }
    change(() -> {});
    removed.get().shape().detach(replaced);
    Generations left = removed.get().generations();
    left.close();
    try {
      int unused = new HandlerDrain(openCalls, left.both()).run(Duration.ZERO, REMOVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void warnOfRival(Registration added) {
    List<Registration> sameName = registrations.rivals(added.name());
    if (sameName.size() > 1 && sameName.contains(added)) {
      Registration best = sameName.get(0);
      LOG.log(
          Level.WARNING,
          "{0} is registered {1} times: service {2} with ranking {3} is served",
          added.name(),
          sameName.size(),
          Long.toString(best.id()),
          best.ranking());
    }
  }

  /** Publishes a change, and starts the calls that have waited for it. */
  private void change(Runnable change) {
    List<HeldCall> released;
    synchronized (this) {
      change.run();
      View now = registrations.view();
      view = now;
      released = heldCalls.take(method -> !now.held().containsKey(method));
    }
    heldCalls.release(released, this::start);
    listeners.forEach(Runnable::run);
  }

  @Override
  public void keepBack(long bundle) {
    change(() -> registrations.place(bundle, Place.KEPT_BACK));
  }

  @Override
  public synchronized Set<String> keptBack(long bundle) {
    return registrations.keptBack(bundle);
  }

  @Override
  public int endStreams(long bundle, Duration time) throws InterruptedException {
    of(bundle).forEach(each -> each.shape().unfold());
    change(() -> registrations.place(bundle, Place.STREAMS_HELD));
    List<Generation> streams =
        of(bundle).stream().map(each -> each.generations().streams()).toList();
    streams.forEach(Generation::close);
    return new HandlerDrain(openCalls, streams).run(time, time);
  }

  @Override
  public void hold(long bundle) {
    change(() -> registrations.place(bundle, Place.HELD));
    close(bundle);
  }

  @Override
  public void serve(long from, long to) {
    change(
        () -> {
          registrations.place(from, Place.REPLACED);
          registrations.serve(to);
          registrations.release();
        });
    close(from);
  }

  /** New registrations of the same, in the place of those whose generations were closed. */
  @Override
  public void restore(long bundle) {
    change(
        () -> {
          for (Registration each : registrations.of(bundle)) {
            registrations.add(
                new Registration(
                    each.id(),
                    each.ranking(),
                    bundle,
                    each.definition(),
                    each.shape(),
                    each.generations().opened()));
          }
          registrations.serve(bundle);
          registrations.release();
        });
  }

  private void close(long bundle) {
    of(bundle).forEach(each -> each.generations().close());
  }

  private synchronized List<Registration> of(long bundle) {
    return registrations.of(bundle);
  }

  @Override
  public int drain(long bundle, Duration streams, Duration timeout) throws InterruptedException {
    List<Generation> left =
        of(bundle).stream().flatMap(each -> each.generations().both().stream()).toList();
    return new HandlerDrain(openCalls, left).run(streams, timeout);
  }

  @Override
  public void forget(long bundle) {
    change(() -> registrations.serve(bundle));
  }

  /** The full gRPC names that are served. */
  Set<String> names() {
    return Set.copyOf(view.services().keySet());
  }

  boolean contains(String name) {
    return view.services().containsKey(name);
  }

  /** For reflection, which keeps what it gets: nothing of it is a bundle's. */
  @Override
  public List<ServerServiceDefinition> getServices() {
    return view.services().values().stream().map(ServiceShape::definition).toList();
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String methodName, @Nullable String authority) {
    OpenCall call = OpenCall.current();
    while (true) {
      View now = view;
      Bound bound = now.methods().get(methodName);
      if (bound == null) {
        Held held = now.held().get(methodName);
        return held == null ? null : held(held, call);
      }
      if (call == null || call.enter(bound.generation())) {
        return bound.method();
      }
    }
  }

  private ServerMethodDefinition<?, ?> held(Held held, @Nullable OpenCall call) {
    ServerMethodDefinition<?, ?> ending = held.ending();
    String chain = call == null ? null : call.madeFor();
    if (call != null && ending != null && chain != null) {
      Optional<Generation> waits = openCalls.partOf(held.waitedFor(), chain);
      if (waits.isPresent()) {
        call.enterClosed(waits.get());
        return ending;
      }
    }
    return held.waiting();
  }

  /** A call that was looked up while it was to wait. */
  private ServerCall.Listener<InputStream> startHeld(
      ServerCall<InputStream, InputStream> call, Metadata headers) {
    synchronized (this) {
      if (view.held().containsKey(call.getMethodDescriptor().getFullMethodName())) {
        return heldCalls.add(call, headers);
      }
    }
    ServerCall.Listener<InputStream> listener = start(call, headers, OpenCall.current());
    TypedCall.open(listener);
    return listener;
  }

  private ServerCall.Listener<InputStream> start(HeldCall held) {
    return start(held.call(), held.headers(), held.open());
  }

  private ServerCall.Listener<InputStream> start(
      ServerCall<InputStream, InputStream> call, Metadata headers, @Nullable OpenCall open) {
    String method = call.getMethodDescriptor().getFullMethodName();
    while (true) {
      View now = view;
      Bound bound = now.methods().get(method);
      if (bound == null) {
        return now.held().containsKey(method)
            ? startHeld(call, headers)
            : refuse(call, "Method not found: " + method);
      }
      if (open == null || open.enter(bound.generation())) {
        return TypedCall.start(bound.method(), call, headers);
      }
    }
  }

  private static ServerCall.Listener<InputStream> refuse(
      ServerCall<InputStream, InputStream> call, String why) {
    call.close(Status.UNIMPLEMENTED.withDescription(why), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  @Override
  public void close() {
    heldCalls.close();
  }
}
