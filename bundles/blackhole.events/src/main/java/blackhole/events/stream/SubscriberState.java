package blackhole.events.stream;

/**
 * How a subscription does.
 *
 * @param name in words; of a group, {@code group} and its name
 * @param members who is connected
 * @param lag events that it is behind the newest; while it catches up, those of other types too
 * @param dropped events that it was not sent, because too many waited
 */
public record SubscriberState(String name, boolean group, int members, long lag, long dropped) {}
