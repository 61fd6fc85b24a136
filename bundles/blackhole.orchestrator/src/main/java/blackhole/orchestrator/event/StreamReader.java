package blackhole.orchestrator.event;

import blackhole.api.supervision.NodeEvents;
import blackhole.api.supervision.SupervisionException;
import blackhole.events.v1.Event;
import blackhole.events.v1.SlowPolicy;
import blackhole.events.v1.SubscribeRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads the event stream for an operator. */
final class StreamReader implements NodeEvents {
  private static final int SEARCHED = 1000;

  /** For the end of the log, of which the last position may be one that was never given. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private static final Duration FOREVER = Duration.ofDays(1);

  private static final Pattern TYPE = Pattern.compile("([a-z0-9_-]+|\\*)(\\.([a-z0-9_-]+|\\*))*");

  private static final Logger LOG = System.getLogger(StreamReader.class.getName());

  private final Supplier<StreamClient> client;

  /**
   * @param client throws {@link SupervisionException} when there is none
   */
  StreamReader(Supplier<StreamClient> client) {
    this.client = client;
  }

  @Override
  public List<Occurrence> last(Optional<String> type, int most) throws InterruptedException {
    Predicate<String> wanted = pattern(type);
    StreamClient stream = client.get();
    Deque<Occurrence> found = new ArrayDeque<>();
    try {
      long end = end(stream);
      if (end <= 1) {
        return List.of();
      }
      try (Subscription all = stream.subscribe(from(Math.max(1, end - SEARCHED), ""))) {
        for (Optional<Event> event = all.next(QUIET); event.isPresent(); event = all.next(QUIET)) {
          if (event.get().getPosition() >= end) {
            break;
          }
          if (wanted.test(event.get().getType())) {
            found.addLast(occurrence(event.get()));
            if (found.size() > most) {
              found.removeFirst();
            }
          }
          if (event.get().getPosition() >= end - 1) {
            break;
          }
        }
      }
    } catch (StreamEndedException e) {
      throw unreadable(e);
    }
    return List.copyOf(found);
  }

  /** The position that the next event will have. */
  private static long end(StreamClient stream) throws StreamEndedException, InterruptedException {
    try (Subscription newest = stream.subscribe(from(0, ""))) {
      return newest.begins();
    }
  }

  @Override
  public void follow(Optional<String> type, Runnable begun, Predicate<Occurrence> sink)
      throws InterruptedException {
    var unused = pattern(type);
    StreamClient stream = client.get();
    try {
      // from a position, since one that broke off before its first event could not go on
      try (Subscription some = stream.subscribe(from(end(stream), type.orElse("")))) {
        var position = some.begins();
        LOG.log(Level.DEBUG, "somebody follows the events from {0} on", position);
        begun.run();
        while (true) {
          Optional<Event> event = some.next(FOREVER);
          if (event.isPresent() && !sink.test(occurrence(event.get()))) {
            return;
          }
        }
      }
    } catch (StreamEndedException e) {
      throw unreadable(e);
    }
  }

  private static SubscribeRequest from(long position, String type) {
    return SubscribeRequest.newBuilder()
        .setFromPosition(position)
        .setEventType(type)
        .setPolicy(SlowPolicy.BLOCK)
        .build();
  }

  private static SupervisionException unreadable(StreamEndedException e) {
    return new SupervisionException("the event stream can't be read: " + e.getMessage());
  }

  /** As the stream understands it. */
  static Predicate<String> pattern(Optional<String> type) {
    if (type.isEmpty()) {
      return any -> true;
    }
    String text = type.get();
    if (!TYPE.matcher(text).matches()) {
      throw new SupervisionException(
          "'"
              + text
              + "' is no type: words of a-z, 0-9, _ and -, or *, with dots between them, such as"
              + " instance.*");
    }
    String words = text.replace(".", "\\.").replace("*", "[^.]+");
    return Pattern.compile(text.endsWith("*") ? words + "(\\.[^.]+)*" : words).asMatchPredicate();
  }

  private static Occurrence occurrence(Event event) {
    return new Occurrence(
        event.getPosition(),
        Instant.ofEpochMilli(event.getTimestamp()),
        event.getType(),
        event.getSource(),
        event.getId(),
        event.getTraceId(),
        event.hasData() ? Optional.of(DataJson.of(event.getData())) : Optional.empty());
  }
}
