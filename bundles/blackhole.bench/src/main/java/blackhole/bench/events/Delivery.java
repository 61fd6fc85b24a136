package blackhole.bench.events;

import blackhole.bench.Latencies;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.SlowPolicy;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Publishes events, and measures until all subscribers have all of them. */
final class Delivery {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final long PROBE_MILLIS = 50;

  private final Latencies latencies = new Latencies();
  private final CountDownLatch delivered;
  private final CountDownLatch listening;

  private Delivery(int subscribers, int events) {
    delivered = new CountDownLatch(subscribers * events);
    listening = new CountDownLatch(subscribers);
  }

  /**
   * @param p99Micros from before an event is published until it is there
   */
  record Outcome(double deliveredPerSecond, double p99Micros) {}

  static Outcome run(StreamServer server, int subscribers, int events) throws InterruptedException {
    return new Delivery(subscribers, events).measure(server, subscribers, events);
  }

  private Outcome measure(StreamServer server, int subscribers, int events)
      throws InterruptedException {
    ManagedChannel publishing = server.connect();
    ManagedChannel subscribing = server.connect();
    List<Listener> listeners = new ArrayList<>();
    try {
      for (int i = 0; i < subscribers; i++) {
        Listener listener = new Listener();
        listeners.add(listener);
        EventStreamGrpc.newStub(subscribing)
            .withExecutor(Runnable::run)
            .subscribe(SubscribeRequest.newBuilder().setPolicy(SlowPolicy.BLOCK).build(), listener);
      }
      Publisher publisher = new Publisher(publishing);
      do {
        publisher.publish(Publisher.MARK);
      } while (!listening.await(PROBE_MILLIS, TimeUnit.MILLISECONDS));
      long unused = publisher.await();
      long startNanos = System.nanoTime();
      for (int i = 0; i < events; i++) {
        publisher.publish(Publisher.MEASURED);
      }
      if (!delivered.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(delivered.getCount() + " events were not delivered");
      }
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      return new Outcome(latencies.count() / seconds, latencies.micros(0.99));
    } finally {
      listeners.forEach(Listener::cancel);
      publishing.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
      subscribing.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    }
  }

  private final class Listener implements ClientResponseObserver<SubscribeRequest, Event> {
    private volatile @Nullable ClientCallStreamObserver<SubscribeRequest> call;
    private boolean heard;

    @Override
    public void beforeStart(ClientCallStreamObserver<SubscribeRequest> stream) {
      call = stream;
    }

    @Override
    public void onNext(Event event) {
      if (!heard) {
        heard = true;
        listening.countDown();
      }
      if (event.getType().equals(Publisher.MEASURED)) {
        latencies.add(System.nanoTime() - Publisher.publishedNanos(event));
        delivered.countDown();
      }
    }

    @Override
    public void onError(Throwable ended) {}

    @Override
    public void onCompleted() {}

    void cancel() {
      ClientCallStreamObserver<SubscribeRequest> open = call;
      if (open != null) {
        open.cancel("measured", null);
      }
    }
  }
}
