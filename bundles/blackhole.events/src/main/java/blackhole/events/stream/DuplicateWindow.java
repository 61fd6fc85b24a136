package blackhole.events.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.events.v1.Event;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sources and ids of the last events, each with its position. Not thread-safe. */
final class DuplicateWindow {
  /** Source and id, digested: texts would take several times the memory. */
  record Key(long high, long low) {}

  private final int size;
  private final Map<Key, Long> positions = new LinkedHashMap<>();

  /**
   * @param size how many events are remembered
   */
  DuplicateWindow(int size) {
    this.size = size;
  }

  static Key key(Event event) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
    digest.update(event.getSource().getBytes(UTF_8));
    digest.update((byte) 0);
    digest.update(event.getId().getBytes(UTF_8));
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
    return new Key(bytes.getLong(), bytes.getLong());
  }

  int size() {
    return size;
  }

  /** The position of the event that had this key first, or null. */
  @Nullable Long find(Key key) {
    return positions.get(key);
  }

  void add(Key key, long position) {
    if (size > 0 && positions.putIfAbsent(key, position) == null && positions.size() > size) {
      var eldest = positions.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
