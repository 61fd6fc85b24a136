package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.rpc.ResumedStreams;
import blackhole.itest.hot.v1.AskRequest;
import blackhole.itest.hot.v1.AskResponse;
import blackhole.itest.hot.v1.FollowRequest;
import blackhole.itest.hot.v1.FollowResponse;
import blackhole.itest.hot.v1.HotGrpc;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Unary calls at a steady rate, whether or not those before them have been answered, and a stream
 * that is taken up again where it ends. Its channel repeats nothing by itself.
 */
final class HotLoad implements AutoCloseable {
  private static final long PAUSE_MICROS = 2_000;

  /** More than these do not show more on a machine that is too slow for them. */
  private static final int MOST_AT_ONCE = 200;

  private final ManagedChannel channel;
  private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong worstNanos = new AtomicLong();
  private final AtomicLong followed = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Set<String> versions = ConcurrentHashMap.newKeySet();
  private final Set<String> followedVersions = ConcurrentHashMap.newKeySet();
  private final Context.CancellableContext context = Context.current().withCancellation();
  private volatile boolean over;

  HotLoad(ManagedChannel channel) {
    this.channel = channel;
    pacer.scheduleAtFixedRate(this::ask, 0, PAUSE_MICROS, TimeUnit.MICROSECONDS);
    context.run(this::follow);
  }

  private void follow() {
    HotGrpc.newStub(channel)
        .withInterceptors(
            ResumedStreams.of(
                HotGrpc.getFollowMethod(),
                (request, got) -> request.toBuilder().setFrom(got.getNumber() + 1).build()))
        .follow(FollowRequest.getDefaultInstance(), new Followed());
  }

  private void ask() {
    if (asked.get() - answered.get() >= MOST_AT_ONCE) {
      return;
    }
    long began = System.nanoTime();
    long number = asked.incrementAndGet();
    HotGrpc.newStub(channel)
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .ask(
            AskRequest.newBuilder().setNumber(number).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(AskResponse response) {
                versions.add(response.getVersion());
                if (response.getNumber() != number) {
                  failures.add("another call's answer");
                }
              }

              @Override
              public void onError(Throwable t) {
                failures.add(t.toString());
                answered.incrementAndGet();
              }

              @Override
              public void onCompleted() {
                worstNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
                answered.incrementAndGet();
              }
            });
  }

  /** Each number once, in order. */
  private final class Followed implements StreamObserver<FollowResponse> {
    @Override
    public void onNext(FollowResponse response) {
      followedVersions.add(response.getVersion());
      long expected = followed.getAndIncrement();
      if (response.getNumber() != expected) {
        failures.add("the stream has " + response.getNumber() + ", expected " + expected);
      }
    }

    @Override
    public void onError(Throwable t) {
      if (!over) {
        failures.add("the stream ended: " + t);
      }
    }

    @Override
    public void onCompleted() {
      failures.add("the stream ended");
    }
  }

  /** Waits until calls that were made from now on, and the stream, have had this version. */
  void awaitVersion(String version) {
    versions.remove(version);
    followedVersions.remove(version);
    Await.until(
        "calls and stream have " + version,
        TestNode.PATIENCE,
        () ->
            !failures.isEmpty()
                || (versions.contains(version) && followedVersions.contains(version)));
    assertThat(failures).isEmpty();
  }

  /** The longest call since this was asked for last. */
  double worstMillis() {
    return worstNanos.getAndSet(0) / 1e6;
  }

  /** Ends it, and waits for what is in flight. */
  List<String> failures() {
    pacer.shutdown();
    Await.until("no call is made any more", TestNode.PATIENCE, pacer::isTerminated);
    Await.until("every call has ended", TestNode.PATIENCE, () -> answered.get() == asked.get());
    over = true;
    return List.copyOf(failures);
  }

  long calls() {
    return asked.get();
  }

  @Override
  public void close() {
    over = true;
    pacer.shutdownNow();
    context.cancel(null);
  }
}
