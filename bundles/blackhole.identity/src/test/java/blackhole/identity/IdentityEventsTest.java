package blackhole.identity;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.events.Event;
import blackhole.identity.call.Call;
import blackhole.identity.store.User;
import blackhole.identity.v1.DidCreated;
import blackhole.testkit.TestHost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What identity tells the event stream. */
@Timeout(180)
class IdentityEventsTest {
  @TempDir Path data;

  /** Publishes what waits in the outbox of a core, and gives all that the stream has then. */
  static List<Event> publish(IdentityCore core, TestStream stream) throws Exception {
    IdentityEvents events = new IdentityEvents(core, stream);
    try {
      CountDownLatch never = new CountDownLatch(1);
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (events.metrics().get("outbox_events") > 0) {
        assertThat(System.nanoTime() - end).as("not in time").isNegative();
        boolean unused = never.await(5, TimeUnit.MILLISECONDS);
      }
    } finally {
      events.close();
    }
    return stream.log();
  }

  @Test
  void tellsWhoHasRegistered() throws Exception {
    IdentityCore core =
        new IdentityCore(new TestHost("identity", data), TestConfig.cheap(), Map.of());
    try {
      Call call = Call.within(Duration.ofSeconds(60));
      User user = core.register("ada", "password of ada", call).join();
      assertThat(core.register("ada", "password of ada", call)).failsWithin(Duration.ofSeconds(60));
      List<Event> events = publish(core, new TestStream());
      assertThat(events).hasSize(1);
      Event event = events.get(0);
      assertThat(event.type()).isEqualTo("did.created");
      assertThat(event.time()).isEqualTo(user.createdAt().truncatedTo(ChronoUnit.MILLIS));
      assertThat(event.data().orElseThrow().unpack(DidCreated.class))
          .isEqualTo(
              DidCreated.newBuilder()
                  .setDid(user.did())
                  .setUserId(user.id())
                  .setRole("user")
                  .build());
    } finally {
      core.close();
    }
  }
}
