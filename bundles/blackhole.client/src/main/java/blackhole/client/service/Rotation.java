package blackhole.client.service;

import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.util.ForwardingLoadBalancer;
import io.grpc.util.ForwardingLoadBalancerHelper;
import io.grpc.util.ForwardingSubchannel;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * gRPC's round robin, under its outlier detection, which tells nobody when it leaves an instance
 * out: it only lets the round robin believe that the connection has failed. From here that can be
 * told apart, because a connection that really ends is idle first, and fails only when it can't be
 * made again. Everything happens in the channel's synchronization context.
 */
final class Rotation extends ForwardingLoadBalancer {
  private static final LoadBalancerProvider ROUND_ROBIN = ServiceBalancer.provider("round_robin");

  private final LoadBalancer roundRobin;

  private Rotation(Helper helper, LongAdder ejected, Consumer<SubchannelPicker> pickers) {
    roundRobin = ROUND_ROBIN.newLoadBalancer(new Counting(helper, ejected, pickers));
  }

  @Override
  protected LoadBalancer delegate() {
    return roundRobin;
  }

  /** Makes rotations that count what is left out. */
  static final class Factory extends LoadBalancer.Factory {
    private final LongAdder ejected;
    private final Consumer<SubchannelPicker> pickers;

    /**
     * @param pickers told of round robin's own picker before outlier detection is
     */
    Factory(LongAdder ejected, Consumer<SubchannelPicker> pickers) {
      this.ejected = ejected;
      this.pickers = pickers;
    }

    @Override
    public LoadBalancer newLoadBalancer(Helper helper) {
      return new Rotation(helper, ejected, pickers);
    }
  }

  /**
   * Listens where outlier detection speaks to those that round robin connects by: at a connection's
   * health if they ask for that, which of gRPC's two kinds of pick_first one does, else at its
   * state.
   */
  private static final class Counting extends ForwardingLoadBalancerHelper {
    private final Helper helper;
    private final LongAdder ejected;
    private final Consumer<SubchannelPicker> pickers;

    Counting(Helper helper, LongAdder ejected, Consumer<SubchannelPicker> pickers) {
      this.helper = helper;
      this.ejected = ejected;
      this.pickers = pickers;
    }

    @Override
    protected Helper delegate() {
      return helper;
    }

    @Override
    public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
      pickers.accept(picker);
      super.updateBalancingState(state, picker);
    }

    @Override
    public Subchannel createSubchannel(CreateSubchannelArgs args) {
      SubchannelStateListener health = args.getOption(HEALTH_CONSUMER_LISTENER_ARG_KEY);
      if (health == null) {
        return new Counted(super.createSubchannel(args), ejected);
      }
      return super.createSubchannel(
          args.toBuilder()
              .addOption(HEALTH_CONSUMER_LISTENER_ARG_KEY, new States(health, ejected))
              .build());
    }
  }

  /** A connection whose user does not ask for its health, and hears of it with the state. */
  private static final class Counted extends ForwardingSubchannel {
    private final Subchannel subchannel;
    private final LongAdder ejected;

    Counted(Subchannel subchannel, LongAdder ejected) {
      this.subchannel = subchannel;
      this.ejected = ejected;
    }

    @Override
    protected Subchannel delegate() {
      return subchannel;
    }

    @Override
    public void start(SubchannelStateListener listener) {
      super.start(new States(listener, ejected));
    }
  }

  /** One connection's. */
  private static final class States implements SubchannelStateListener {
    private final SubchannelStateListener listener;
    private final LongAdder ejected;
    private ConnectivityState last = ConnectivityState.IDLE;

    States(SubchannelStateListener listener, LongAdder ejected) {
      this.listener = listener;
      this.ejected = ejected;
    }

    @Override
    public void onSubchannelState(ConnectivityStateInfo info) {
      if (last == ConnectivityState.READY
          && info.getState() == ConnectivityState.TRANSIENT_FAILURE) {
        ejected.increment();
      }
      last = info.getState();
      listener.onSubchannelState(info);
    }
  }
}
