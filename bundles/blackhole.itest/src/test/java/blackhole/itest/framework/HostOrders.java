package blackhole.itest.framework;

import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import blackhole.control.v1.Welcome;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * The orchestrator's end of the control stream, as far as updates go. The host's own endpoint
 * serves it, as it serves whatever is registered in its framework.
 */
final class HostOrders extends ControlGrpc.ControlImplBase implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CompletableFuture<StreamObserver<NodeMessage>> attached = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<UpdateResult>> results = new ConcurrentHashMap<>();
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private final AtomicLong ids = new AtomicLong();
  private final ServiceRegistration<?> registration;

  HostOrders(BundleContext context) {
    registration = context.registerService(BindableService.class, this, null);
  }

  @Override
  public StreamObserver<HostMessage> attach(StreamObserver<NodeMessage> out) {
    return new StreamObserver<>() {
      @Override
      public void onNext(HostMessage message) {
        switch (message.getMessageCase()) {
          case HELLO -> {
            out.onNext(
                NodeMessage.newBuilder()
                    .setWelcome(Welcome.newBuilder().setProtocolVersion(1).setNodeId("node-a"))
                    .build());
            attached.complete(out);
          }
          case UPDATE_PROGRESS -> steps.add(message.getUpdateProgress().getStep());
          case UPDATE_RESULT -> {
            UpdateResult result = message.getUpdateResult();
            results.get(result.getId()).complete(result);
          }
          // the host drains, and waits for the calls that it has: this is one
          case DRAINING -> out.onCompleted();
          default -> {}
        }
      }

      @Override
      public void onError(Throwable t) {}

      @Override
      public void onCompleted() {}
    };
  }

  /** Orders it, and returns; for one thread. */
  CompletableFuture<UpdateResult> update(Path jar) throws Exception {
    return update(jar, Duration.ofSeconds(PATIENCE_SECONDS));
  }

  /**
   * @param drain how long calls that the old version has may go on
   */
  CompletableFuture<UpdateResult> update(Path jar, Duration drain) throws Exception {
    StreamObserver<NodeMessage> out = attached.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    long id = ids.incrementAndGet();
    CompletableFuture<UpdateResult> result = new CompletableFuture<>();
    results.put(id, result);
    out.onNext(
        NodeMessage.newBuilder()
            .setUpdate(
                Update.newBuilder()
                    .setId(id)
                    .setFile(jar.toString())
                    .setTimeoutMillis(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))
                    .setDrainTimeoutMillis(drain.toMillis()))
            .build());
    return result;
  }

  /** What the host said of its updates, one after the other. */
  List<String> steps() {
    return steps;
  }

  @Override
  public void close() {
    registration.unregister();
  }
}
