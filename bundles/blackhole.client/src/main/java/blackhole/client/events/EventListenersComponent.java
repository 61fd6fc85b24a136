package blackhole.client.events;

import blackhole.api.events.EventListener;
import blackhole.api.observe.Tracer;
import blackhole.api.rpc.Channels;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The whiteboard of {@link EventListener}; without one it makes nothing. */
@Component(
    service = {},
    immediate = true)
public final class EventListenersComponent {
  private final Channels channels;

  /** Records what listeners do, where somebody keeps that. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Tracer tracer;

  // guarded by this
  private final Map<EventListener, List<Listening>> listeners = new IdentityHashMap<>();
  private @Nullable ScheduledExecutorService timer;
  private boolean closed;

  @Activate
  public EventListenersComponent(@Reference Channels channels) {
    this.channels = channels;
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  synchronized void bindListener(EventListener listener) {
    if (closed) {
      return;
    }
    Object turn = new Object();
    List<Listening> streams = new ArrayList<>();
    for (String type : listener.types()) {
      streams.add(
          new Listening(
              channels.to(EventBusComponent.SERVICE), type, listener, turn, timer(), () -> tracer));
    }
    listeners.put(listener, streams);
    streams.forEach(Listening::start);
  }

  synchronized void unbindListener(EventListener listener) {
    List<Listening> streams = listeners.remove(listener);
    if (streams != null) {
      streams.forEach(Listening::close);
    }
  }

  private ScheduledExecutorService timer() {
    ScheduledExecutorService present = timer;
    if (present == null) {
      present =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "blackhole-client-events");
                thread.setDaemon(true);
                return thread;
              });
      timer = present;
    }
    return present;
  }

  @Deactivate
  synchronized void deactivate() {
    closed = true;
    listeners.values().forEach(streams -> streams.forEach(Listening::close));
    listeners.clear();
    ScheduledExecutorService present = timer;
    if (present != null) {
      var unused = present.shutdownNow();
    }
  }
}
