package blackhole.storage.store;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What became of blobs, by this process since its start. Thread-safe. */
final class Counters {
  /** New ones, and such as were mended. */
  final LongAdder stored = new LongAdder();

  final LongAdder storedBytes = new LongAdder();

  /** Put, and there already. */
  final LongAdder repeated = new LongAdder();

  final LongAdder deleted = new LongAdder();

  final LongAdder readBytes = new LongAdder();

  /** Found to be so. */
  final LongAdder damaged = new LongAdder();

  Map<String, Double> metrics() {
    return Map.of(
        "blobs_stored_total", (double) stored.sum(),
        "stored_bytes_total", (double) storedBytes.sum(),
        "blobs_repeated_total", (double) repeated.sum(),
        "blobs_deleted_total", (double) deleted.sum(),
        "read_bytes_total", (double) readBytes.sum(),
        "blobs_damaged_total", (double) damaged.sum());
  }
}
