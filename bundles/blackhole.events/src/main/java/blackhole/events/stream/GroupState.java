package blackhole.events.stream;

/**
 * What is kept of a group.
 *
 * @param position the first that is to be sent
 * @param lastUsedMillis when it had a subscriber last, in Unix milliseconds
 */
record GroupState(
    String name,
    TypePattern types,
    SlowPolicy policy,
    int buffer,
    long position,
    long lastUsedMillis) {}
