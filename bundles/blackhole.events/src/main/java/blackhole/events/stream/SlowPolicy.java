package blackhole.events.stream;

/** What becomes of events that wait for a subscriber when more wait than it has asked for. */
public enum SlowPolicy {
  /** Those that come are not sent until there is room. */
  DROP_NEWEST,
  /** Those that have waited longest are not sent. */
  DROP_OLDEST,
  /** The subscription ends. */
  DISCONNECT,
  /** Nothing: it reads from the log, however late it is. */
  BLOCK
}
