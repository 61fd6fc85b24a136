package blackhole.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Reads small files of the kernel again and again, into one buffer: they are looked at for numbers,
 * and nothing of them is kept. Thread-safe; one file at a time.
 */
final class ProcReader {
  /** More than any of these files has; the rest of a longer one is left out. */
  private static final int MAX_BYTES = 8192;

  private final byte[] buffer = new byte[MAX_BYTES];

  /** The whole file, byte for byte. */
  synchronized String text(Path file) throws IOException {
    return new String(buffer, 0, fill(file), StandardCharsets.ISO_8859_1);
  }

  /**
   * The number after a key that begins a line, as in {@code Pss: 1234 kB} or {@code nr_throttled
   * 5}; empty when there is no such line, or no such file.
   *
   * @param key with what ends it
   */
  synchronized OptionalLong number(Path file, String key) {
    int length;
    try {
      length = fill(file);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    int line = 0;
    while (line < length) {
      if (startsWith(line, length, key)) {
        return digits(line + key.length(), length);
      }
      line = nextLine(line, length);
    }
    return OptionalLong.empty();
  }

  private int fill(Path file) throws IOException {
    // not by a channel, which would copy through a buffer of its own
    try (InputStream in = new FileInputStream(file.toFile())) {
      int length = 0;
      int read;
      while (length < MAX_BYTES && (read = in.read(buffer, length, MAX_BYTES - length)) > 0) {
        length += read;
      }
      return length;
    }
  }

  private boolean startsWith(int at, int length, String key) {
    if (at + key.length() > length) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      if (buffer[at + i] != key.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int nextLine(int at, int length) {
    int next = at;
    while (next < length && buffer[next] != '\n') {
      next++;
    }
    return next + 1;
  }

  private OptionalLong digits(int from, int length) {
    int at = from;
    while (at < length && (buffer[at] == ' ' || buffer[at] == '\t')) {
      at++;
    }
    int first = at;
    long value = 0;
    while (at < length && buffer[at] >= '0' && buffer[at] <= '9') {
      value = value * 10 + buffer[at] - '0';
      at++;
    }
    return at == first ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
