package blackhole.events.stream;

import org.jspecify.annotations.Nullable;

/**
 * What a subscriber asks for.
 *
 * @param from the first position; 0 for what comes from now on
 * @param group empty for none
 * @param buffer 0 for the stream's default
 * @param policy null for the default: {@link SlowPolicy#DROP_NEWEST}, of a group {@link
 *     SlowPolicy#BLOCK}
 * @param acknowledges of a group's member, whether it says what it has done with
 */
public record Wanted(
    TypePattern types,
    long from,
    String group,
    int buffer,
    @Nullable SlowPolicy policy,
    boolean acknowledges) {
  boolean isGroup() {
    return !group.isEmpty();
  }
}
