package blackhole.analytics.store;

/**
 * What is kept of the stream beside the counts.
 *
 * @param position of the last event that is in them; 0 for none
 * @param events that were ever counted
 * @param name of the event at the position: its source and id; empty if that is not known
 */
public record Saved(long position, long events, String name) {}
