package blackhole.events.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the log: a header, and records one after the other. It is named by the position of
 * its first record, or by the next position when it has none yet. Written by one thread; read by
 * any, up to {@link #readableEnd}.
 */
final class Segment {
  /** What a file begins with: a name, and the format's version. */
  static final int HEADER_BYTES = 8;

  private static final byte[] MAGIC = "BHEVENT".getBytes(US_ASCII);
  private static final byte VERSION = 1;
  private static final Pattern NAME = Pattern.compile("(\\d{19})\\.events");

  private final Path file;
  private final long base;
  private volatile long readableEnd;
  private volatile long oldestMillis = Long.MAX_VALUE;
  private volatile long newestMillis = Long.MIN_VALUE;

  /**
   * @param readableEnd where its records end
   */
  Segment(Path file, long base, long readableEnd) {
    this.file = file;
    this.base = base;
    this.readableEnd = readableEnd;
  }

  static String name(long base) {
    return String.format(Locale.ROOT, "%019d.events", base);
  }

  /** The position that a file is named by; empty for a file that is no segment. */
  static OptionalLong base(Path file) {
    Matcher matcher = NAME.matcher(file.getFileName().toString());
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  static ByteBuffer header() {
    return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).put(VERSION).flip();
  }

  /** Whether these first bytes are those of a format that comes after this one. */
  static boolean isNewer(byte[] header) {
    return header.length == HEADER_BYTES
        && Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && header[MAGIC.length] > VERSION;
  }

  Path file() {
    return file;
  }

  long base() {
    return base;
  }

  /** Up to here it may be read: what is in it is durable, and whole unless it was damaged later. */
  long readableEnd() {
    return readableEnd;
  }

  boolean isEmpty() {
    return readableEnd <= HEADER_BYTES;
  }

  /**
   * When its first record was stored; {@link Long#MAX_VALUE} for none, or when that is not known.
   */
  long oldestMillis() {
    return oldestMillis;
  }

  /**
   * When its last record was stored; {@link Long#MIN_VALUE} for none, or when that is not known.
   */
  long newestMillis() {
    return newestMillis;
  }

  void stored(long millis) {
    if (oldestMillis == Long.MAX_VALUE) {
      oldestMillis = millis;
    }
    newestMillis = millis;
  }

  /** What is before this end may be read from now on. */
  void readableTo(long end) {
    readableEnd = end;
  }
}
