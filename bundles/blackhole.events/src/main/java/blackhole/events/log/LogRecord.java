package blackhole.events.log;

/**
 * What was appended, and what the log knows of it. Immutable, as long as nobody writes to its
 * bytes.
 */
public final class LogRecord {
  private final long position;
  private final long storedAtMillis;
  private final byte[] body;

  LogRecord(long position, long storedAtMillis, byte[] body) {
    this.position = position;
    this.storedAtMillis = storedAtMillis;
    this.body = body;
  }

  /** From 1, growing. */
  public long position() {
    return position;
  }

  /** In Unix milliseconds, by the clock of then. */
  public long storedAtMillis() {
    return storedAtMillis;
  }

  /** Not a copy. */
  public byte[] body() {
    return body;
  }
}
