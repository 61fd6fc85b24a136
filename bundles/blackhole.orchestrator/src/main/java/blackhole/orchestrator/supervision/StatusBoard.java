package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the world sees of the instances. Written in the serial context, read from any thread; those
 * who watch are called in the serial context.
 */
final class StatusBoard {
  private static final Logger LOG = System.getLogger(StatusBoard.class.getName());

  private final SerialContext context;
  private final Function<InstanceId, Path> sockets;
  private final Map<InstanceId, StatusView> views = new ConcurrentHashMap<>();
  private final List<Watch> watchers = new CopyOnWriteArrayList<>();

  StatusBoard(
      SerialContext context,
      Collection<ManagedInstance> instances,
      Function<InstanceId, Path> sockets) {
    this.context = context;
    this.sockets = sockets;
    for (ManagedInstance instance : instances) {
      views.put(instance.id(), view(instance));
    }
  }

  /** Publishes an instance as it is now, if it looks different. */
  void update(ManagedInstance instance) {
    StatusView view = view(instance);
    StatusView before = views.put(instance.id(), view);
    if (before == null || !view.status().equals(before.status())) {
      InstanceStatus status = view.at(context.nanoTime());
      watchers.forEach(watch -> watch.tell(status));
    }
  }

  /** It is not one of the node's any more; those who watch are told of it once more. */
  void remove(ManagedInstance instance) {
    StatusView view = views.remove(instance.id());
    if (view != null) {
      InstanceStatus status = view.at(context.nanoTime());
      watchers.forEach(watch -> watch.tell(status));
    }
  }

  /** Empty for one that was never published, or was removed. */
  Optional<InstanceStatus> status(InstanceId id) {
    return published(id).map(view -> view.at(context.nanoTime()));
  }

  /** As {@link #status}. */
  Optional<InstanceSummary> summary(InstanceId id) {
    return published(id)
        .map(view -> new InstanceSummary(view.at(context.nanoTime()), view.flaps(), view.counts()));
  }

  Optional<InstanceDetails> details(ManagedInstance instance, InstanceDriver.Setup setup) {
    return published(instance.id())
        .map(
            view ->
                new InstanceDetails(
                    view.at(context.nanoTime()),
                    view.failures(),
                    setup.limits(),
                    setup.jvmFlags(),
                    instance.service().dependsOn(),
                    view.flaps(),
                    view.archive(),
                    view.counts()));
  }

  AutoCloseable watch(Consumer<InstanceStatus> watcher) {
    // its own object: one that watches twice and closes once goes on watching once
    Watch watch = new Watch(watcher);
    watchers.add(watch);
    return watch;
  }

  private StatusView view(ManagedInstance instance) {
    return StatusView.of(instance, sockets.apply(instance.id()), context.nanoTime());
  }

  private Optional<StatusView> published(InstanceId id) {
    return Optional.ofNullable(views.get(id));
  }

  private final class Watch implements AutoCloseable {
    private final Consumer<InstanceStatus> watcher;

    Watch(Consumer<InstanceStatus> watcher) {
      this.watcher = watcher;
    }

    void tell(InstanceStatus status) {
      try {
        watcher.accept(status);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a watcher of instances did not take a change", e);
      }
    }

    @Override
    public void close() {
      watchers.remove(this);
    }
  }
}
