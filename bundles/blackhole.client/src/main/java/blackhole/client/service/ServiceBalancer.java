package blackhole.client.service;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import io.grpc.util.ForwardingLoadBalancerHelper;
import io.grpc.util.GracefulSwitchLoadBalancer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an instance by gRPC's round robin under outlier detection; while there is none that is
 * connected, calls are held or fail as the {@link Situation} says.
 *
 * <p>All but {@link ServicePicker} runs in the channel's synchronization context. What is held is
 * looked at again with every change, and every {@value #LOOK_MILLIS} ms for its time.
 */
final class ServiceBalancer extends LoadBalancer {
  static final int LOOK_MILLIS = 100;

  private static final LoadBalancerProvider CHILD = provider("outlier_detection_experimental");

  private final Helper helper;
  private final LongSupplier nanoTime;
  private LoadBalancer.@Nullable Factory rotations;
  private @Nullable LoadBalancer child;
  private @Nullable Situation situation;
  private Set<EquivalentAddressGroup> addresses = Set.of();
  private ConnectivityState state = ConnectivityState.CONNECTING;
  private @Nullable SubchannelPicker childPicker;
  private @Nullable SubchannelPicker rotationPicker;
  private long unconnectedSinceNanos;
  private @Nullable ScheduledHandle look;
  private boolean shutdown;

  ServiceBalancer(Helper helper, LongSupplier nanoTime) {
    this.helper = helper;
    this.nanoTime = nanoTime;
    unconnectedSinceNanos = nanoTime.getAsLong();
  }

  static LoadBalancerProvider provider(String policy) {
    LoadBalancerProvider provider = LoadBalancerRegistry.getDefaultRegistry().getProvider(policy);
    if (provider == null) {
      throw new IllegalStateException("gRPC has no balancer " + policy);
    }
    return provider;
  }

  @Override
  public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
    situation = resolved.getAttributes().get(ServiceResolver.SITUATION);
    OutlierWatch outliers = resolved.getAttributes().get(ServiceResolver.OUTLIERS);
    Set<EquivalentAddressGroup> next = new HashSet<>(resolved.getAddresses());
    if (!next.equals(addresses)) {
      // each set of instances has the whole time to be connected to
      unconnectedSinceNanos = nanoTime.getAsLong();
    }
    addresses = next;
    if (next.isEmpty() || outliers == null) {
      dropChild();
    } else {
      if (child == null) {
        child = CHILD.newLoadBalancer(new ChildHelper());
      }
      Object rotation = rotation(outliers.ejected());
      Status unused =
          child.acceptResolvedAddresses(
              resolved.toBuilder()
                  .setLoadBalancingPolicyConfig(
                      next.size() > 1
                          ? outliers.policy().watching(rotation)
                          : OutlierPolicy.notWatching(rotation))
                  .build());
    }
    publish();
    return Status.OK;
  }

  /** One factory for ever: gRPC takes another one for another policy, and connects anew. */
  private Object rotation(LongAdder ejected) {
    LoadBalancer.Factory factory = rotations;
    if (factory == null) {
      factory = new Rotation.Factory(ejected, picker -> rotationPicker = picker);
      rotations = factory;
    }
    return GracefulSwitchLoadBalancer.createLoadBalancingPolicyConfig(factory, null);
  }

  private void dropChild() {
    if (child != null) {
      child.shutdown();
      child = null;
    }
    childPicker = null;
    rotationPicker = null;
    state = ConnectivityState.CONNECTING;
  }

  private final class ChildHelper extends ForwardingLoadBalancerHelper {
    @Override
    protected Helper delegate() {
      return helper;
    }

    @Override
    public void updateBalancingState(ConnectivityState newState, SubchannelPicker newPicker) {
      if (child == null && shutdown) {
        return;
      }
      if (state == ConnectivityState.READY && newState != ConnectivityState.READY) {
        unconnectedSinceNanos = nanoTime.getAsLong();
      }
      state = newState;
      childPicker = newPicker;
      publish();
    }
  }

  private void publish() {
    if (situation != null && !shutdown) {
      // outlier detection's has each call counted, which one instance alone has no use for
      SubchannelPicker ready = addresses.size() > 1 ? childPicker : rotationPicker;
      helper.updateBalancingState(
          state,
          state == ConnectivityState.READY && ready != null
              ? new ReadyPicker(ready)
              : new WaitingPicker(
                  situation, ready, unconnectedSinceNanos, nanoTime, this::lookLater));
    }
  }

  /** Called by a picker that holds a call, on any thread. */
  private void lookLater() {
    helper
        .getSynchronizationContext()
        .execute(
            () -> {
              if (look == null && !shutdown) {
                look =
                    helper
                        .getSynchronizationContext()
                        .schedule(
                            () -> {
                              look = null;
                              publish();
                            },
                            LOOK_MILLIS,
                            MILLISECONDS,
                            helper.getScheduledExecutorService());
              }
            });
  }

  @Override
  public void handleNameResolutionError(Status error) {
    // the resolver never gives one
  }

  @Override
  public void requestConnection() {
    if (child != null) {
      child.requestConnection();
    }
  }

  @Override
  public boolean canHandleEmptyAddressListFromNameResolution() {
    return true;
  }

  @Override
  public void shutdown() {
    shutdown = true;
    dropChild();
    if (look != null) {
      look.cancel();
    }
  }
}
