package blackhole.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.api.service.Caller;
import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Violation;
import blackhole.events.stream.SlowPolicy;
import blackhole.events.stream.TypePattern;
import blackhole.events.stream.Wanted;
import blackhole.events.v1.AcknowledgeRequest;
import blackhole.events.v1.Event;
import blackhole.events.v1.SubscribeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks requests, every field of them, and gives what the stream wants. */
final class Requests {
  private static final int MAX_TEXT_BYTES = 200;
  private static final int MAX_TRACE_BYTES = 64;
  private static final int MAX_POSITIONS = 10_000;
  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final List<Violation> violations = new ArrayList<>();

  private Requests() {}

  /**
   * The event to be published, without a position, and with what it may leave out.
   *
   * @param nowMillis Unix milliseconds
   * @throws EventsException for one that is not valid
   */
  static Event event(Event request, int maxBytes, Caller caller, long nowMillis) {
    Requests check = new Requests();
    String source = check.source(request.getSource(), caller);
    check.text("id", request.getId(), MAX_TEXT_BYTES);
    check.require(!request.getId().isEmpty(), "id", "is needed: it tells the event from others");
    check.require(
        TypePattern.isType(request.getType()),
        "type",
        "must be words of a-z, 0-9, _ and - with dots between them, up to 200 bytes");
    check.require(request.getTimestamp() >= 0, "timestamp", "must not be negative");
    check.require(
        !request.hasData() || !request.getData().getTypeUrl().isEmpty(),
        "data.type_url",
        "is needed to read the data");
    check.text("trace_id", request.getTraceId(), MAX_TRACE_BYTES);
    check.text("span_id", request.getSpanId(), MAX_TRACE_BYTES);
    check.require(request.getPosition() == 0, "position", "is given by the service");
    check.require(
        request.getSerializedSize() <= maxBytes,
        "data",
        "makes the event larger than " + maxBytes + " bytes (custom.max_event_size)");
    check.end();
    Event.Builder event = request.toBuilder().setSource(source);
    return event.getTimestamp() == 0 ? event.setTimestamp(nowMillis).build() : event.build();
  }

  /** Who is nothing but a user speaks for that user alone. */
  private String source(String source, Caller caller) {
    if (caller.kind() == Caller.Kind.LOCAL && caller.user().isPresent()) {
      String did = caller.user().get().did();
      require(source.isEmpty() || source.equals(did), "source", "must be the user's DID, or empty");
      return did;
    }
    text("source", source, MAX_TEXT_BYTES);
    require(!source.isEmpty(), "source", "is needed: it says whose event it is");
    return source;
  }

  /**
   * What a subscriber asks for.
   *
   * @throws EventsException for a request that is not valid
   */
  static Wanted wanted(SubscribeRequest request) {
    Requests check = new Requests();
    String type = request.getEventType();
    check.require(
        type.isEmpty() || TypePattern.isPattern(type),
        "event_type",
        "must be words of a-z, 0-9, _ and -, or *, with dots between them, up to 200 bytes");
    check.require(request.getFromPosition() >= 0, "from_position", "must not be negative");
    check.require(
        request.getGroup().isEmpty() || GROUP.matcher(request.getGroup()).matches(),
        "group",
        "must be letters, digits, ., _ and -, up to 64");
    check.require(
        request.getBuffer() >= 0 && request.getBuffer() <= Settings.MAX_BUFFER,
        "buffer",
        "must be from 0 to " + Settings.MAX_BUFFER);
    SlowPolicy policy = check.policy(request);
    check.require(
        !request.getAcknowledge() || !request.getGroup().isEmpty(),
        "acknowledge",
        "is for members of a group");
    check.end();
    return new Wanted(
        TypePattern.of(type),
        request.getFromPosition(),
        request.getGroup(),
        request.getBuffer(),
        policy,
        request.getAcknowledge());
  }

  /**
   * The positions that are acknowledged.
   *
   * @throws EventsException for a request that is not valid
   */
  static List<Long> acknowledged(AcknowledgeRequest request) {
    Requests check = new Requests();
    check.require(
        GROUP.matcher(request.getGroup()).matches(),
        "group",
        "must be letters, digits, ., _ and -, 1 to 64");
    check.require(
        request.getPositionsCount() > 0 && request.getPositionsCount() <= MAX_POSITIONS,
        "positions",
        "must be 1 to " + MAX_POSITIONS);
    check.require(
        request.getPositionsList().stream().allMatch(position -> position > 0),
        "positions",
        "must be positive");
    check.end();
    return request.getPositionsList();
  }

  private @Nullable SlowPolicy policy(SubscribeRequest request) {
    return switch (request.getPolicy()) {
      case SLOW_POLICY_UNSPECIFIED -> null;
      case DROP_NEWEST -> SlowPolicy.DROP_NEWEST;
      case DROP_OLDEST -> SlowPolicy.DROP_OLDEST;
      case DISCONNECT -> SlowPolicy.DISCONNECT;
      case BLOCK -> SlowPolicy.BLOCK;
      case UNRECOGNIZED -> {
        require(false, "policy", "is none of those that are known: " + request.getPolicyValue());
        yield null;
      }
    };
  }

  private void text(String field, String text, int maxBytes) {
    require(
        text.getBytes(UTF_8).length <= maxBytes, field, "must have up to " + maxBytes + " bytes");
    require(
        text.chars().noneMatch(Character::isISOControl), field, "must not have control characters");
  }

  private void require(boolean holds, String field, String otherwise) {
    if (!holds) {
      violations.add(new Violation(field, otherwise));
    }
  }

  private void end() {
    if (!violations.isEmpty()) {
      throw EventsException.invalid(violations);
    }
  }
}
