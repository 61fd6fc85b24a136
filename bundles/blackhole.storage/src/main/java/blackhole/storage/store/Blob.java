package blackhole.storage.store;

import blackhole.storage.cid.Cid;
import java.time.Instant;

/**
 * What is known of a stored blob.
 *
 * @param size bytes
 * @param incarnation tells it from a blob of the same name that was stored at another time
 * @param damage what is wrong with its bytes; empty when nothing is known to be
 */
public record Blob(Cid cid, long size, Instant storedAt, long incarnation, String damage) {
  public boolean isDamaged() {
    return !damage.isEmpty();
  }
}
