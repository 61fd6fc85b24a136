package blackhole.bench.events;

import blackhole.events.v1.SlowPolicy;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Publishes many events while subscribers of each policy stall, resume, go and come, and checks by
 * position that each got what its policy promises.
 */
final class Promises {
  private static final int EVENTS = 100_000;

  /** Between two whims of the subscribers. */
  private static final int STRETCH = 500;

  private static final int OF_EACH = 3;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration MARK_LIMIT = Duration.ofSeconds(2);

  private final PrintStream out;
  private final Random random = new Random(7);
  private final List<ManagedChannel> channels = new ArrayList<>();

  Promises(PrintStream out) {
    this.out = out;
  }

  private record Subscriber(SlowPolicy policy, boolean leaves, Follower follower) {}

  /**
   * @throws IllegalStateException naming the promise that was broken
   */
  void check(Path directory) throws IOException, InterruptedException {
    try (StreamServer server = StreamServer.ours(directory)) {
      List<Subscriber> subscribers = subscribers(server);
      Publisher publisher = new Publisher(connect(server));
      long startNanos = System.nanoTime();
      for (int event = 0; event < EVENTS; event++) {
        publisher.publish(Publisher.MEASURED);
        if (event % STRETCH == 0) {
          whim(subscribers.get(random.nextInt(subscribers.size())));
        }
      }
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      subscribers.forEach(subscriber -> subscriber.follower().resume());
      long head = settle(publisher, subscribers);
      verify(server, subscribers, head);
      out.printf("  %,d events in %.1f s, %d subscribers%n", EVENTS, seconds, subscribers.size());
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private ManagedChannel connect(StreamServer server) {
    ManagedChannel channel = server.connect();
    channels.add(channel);
    return channel;
  }

  /** A connection for each, as the window of a connection that many share is its slowest's. */
  private List<Subscriber> subscribers(StreamServer server) throws InterruptedException {
    List<Subscriber> subscribers = new ArrayList<>();
    for (int i = 0; i < OF_EACH; i++) {
      for (SlowPolicy policy :
          List.of(
              SlowPolicy.DROP_NEWEST,
              SlowPolicy.DROP_OLDEST,
              SlowPolicy.DISCONNECT,
              SlowPolicy.BLOCK)) {
        // who leaves with a policy that drops can't know what it missed in between
        boolean leaves = policy == SlowPolicy.BLOCK && i > 0;
        subscribers.add(new Subscriber(policy, leaves, new Follower(connect(server), policy)));
      }
    }
    for (Subscriber subscriber : subscribers) {
      subscriber.follower().come();
      subscriber.follower().awaitBegun(System.nanoTime() + LIMIT.toNanos());
    }
    return subscribers;
  }

  private void whim(Subscriber subscriber) {
    if (subscriber.leaves() && random.nextBoolean()) {
      subscriber.follower().go();
      subscriber.follower().come();
    } else if (random.nextBoolean()) {
      subscriber.follower().stall();
    } else {
      subscriber.follower().resume();
    }
  }

  /** When a mark has come to all, nothing waits for anybody any more. */
  private static long settle(Publisher publisher, List<Subscriber> subscribers)
      throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() - deadline < 0) {
      publisher.publish(Publisher.MARK);
      long head = publisher.await();
      boolean all = true;
      for (Subscriber subscriber : subscribers) {
        all &= subscriber.follower().awaitPosition(head, System.nanoTime() + MARK_LIMIT.toNanos());
      }
      if (all) {
        return head;
      }
    }
    throw new IllegalStateException("not all subscribers got to the end in " + LIMIT);
  }

  private void verify(StreamServer server, List<Subscriber> subscribers, long head) {
    long dropped = 0;
    long disconnects = 0;
    for (Subscriber subscriber : subscribers) {
      Follower follower = subscriber.follower();
      long missing = follower.missing(head);
      hold(follower.outOfOrder() == 0, subscriber, "got events twice or out of order");
      if (subscriber.policy() == SlowPolicy.BLOCK || subscriber.policy() == SlowPolicy.DISCONNECT) {
        hold(missing == 0, subscriber, "missed " + missing + " events");
      } else {
        dropped += missing;
      }
      disconnects += follower.disconnects();
    }
    double counted = server.metric("events_dropped_total");
    if (counted != dropped) {
      throw new IllegalStateException(dropped + " events were missed, and " + counted + " counted");
    }
    out.printf("  %,d dropped, each of them counted; %d disconnected%n", dropped, disconnects);
  }

  private static void hold(boolean holds, Subscriber subscriber, String otherwise) {
    if (!holds) {
      throw new IllegalStateException("a subscriber with " + subscriber.policy() + " " + otherwise);
    }
  }
}
