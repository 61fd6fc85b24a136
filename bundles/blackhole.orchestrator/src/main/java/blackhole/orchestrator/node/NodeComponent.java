package blackhole.orchestrator.node;

import blackhole.api.host.Lifecycle;
import blackhole.api.observe.SpanSink;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessLimiter;
import blackhole.api.process.ProcessSampler;
import blackhole.api.rpc.CallStatistics;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.NodeChannels;
import blackhole.api.rpc.SocketChannels;
import blackhole.api.supervision.AuditTrail;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Starts the node once all that it stands on is there. */
@Component(
    immediate = true,
    service = {})
public final class NodeComponent {
  /** Comes after the node is up, since it stands on what the node publishes. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  private volatile @Nullable CallStatistics calls;

  /** Comes once it is published how this node traces. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  private volatile @Nullable SpanSink spans;

  /** Comes with the shell, after the node is up. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  private volatile @Nullable AuditTrail audit;

  private final CompletableFuture<NodeChannels> nodeChannels = new CompletableFuture<>();
  private final CompletableFuture<Channels> serviceChannels = new CompletableFuture<>();

  @Activate
  public NodeComponent(
      BundleContext context,
      @Reference Lifecycle lifecycle,
      @Reference ProcessLauncher processes,
      @Reference ProcessSampler processSampler,
      @Reference ProcessLimiter limiter,
      @Reference SocketChannels channels,
      @Reference Endpoint endpoint) {
    NodeOptions options = NodeOptions.of(key -> Optional.ofNullable(context.getProperty(key)));
    Surroundings surroundings =
        new Surroundings(
            lifecycle,
            processes,
            processSampler,
            limiter,
            channels,
            endpoint,
            nodeChannels,
            serviceChannels,
            new Publisher(context),
            () -> Optional.ofNullable(calls),
            () -> Optional.ofNullable(spans),
            () -> Optional.ofNullable(audit),
            System.out,
            System.err);
    // not on the thread that starts bundles: the rest of them need not wait for the node
    new Thread(() -> NodeStart.run(options, surroundings), "node-start").start();
  }

  /** Comes after the node is up, as {@link #calls} does. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void setNodeChannels(NodeChannels channels) {
    nodeChannels.complete(channels);
  }

  /** The same. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void setServiceChannels(Channels channels) {
    serviceChannels.complete(channels);
  }

  void unsetServiceChannels(Channels channels) {
    // as the other
  }

  void unsetNodeChannels(NodeChannels channels) {
    // it goes when this process ends
  }
}
