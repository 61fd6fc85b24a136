package blackhole.analytics;

import blackhole.api.events.Event;
import blackhole.api.events.Payload;
import blackhole.testkit.TestHost;
import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A process of its own that counts a stream of numbered events until it is killed. */
final class CountingProcess {
  private CountingProcess() {}

  /** Begins behind what was saved, as a subscription does, and prints its positions. */
  public static void main(String[] arguments) throws Exception {
    AnalyticsCore core =
        new AnalyticsCore(
            new TestHost("analytics", Path.of(arguments[0])),
            TestConfig.with("saveInterval", 10L, "maxTypes", 5),
            Map.of());
    long position = new AnalyticsListener(core).from();
    System.out.println("from " + position);
    System.in.read(); // until the test says go
    while (true) {
      core.count(event(position));
      if (position % 100 == 0) {
        System.out.println(position);
      }
      position++;
    }
  }

  static Event event(long position) {
    return new Event(
        "id-" + position,
        "type-" + position % 7,
        "source-" + position % 10,
        Instant.now(),
        Optional.of(new Payload("x/y", ByteString.copyFrom(new byte[(int) (position % 50)]))),
        "",
        position);
  }
}
