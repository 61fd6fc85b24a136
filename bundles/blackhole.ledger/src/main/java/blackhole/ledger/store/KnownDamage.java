package blackhole.ledger.store;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known to be damaged, as of when it was last looked at. Holds the first of it only; a
 * ledger with more is lost anyway. Thread-safe.
 */
final class KnownDamage {
  private static final System.Logger LOG = System.getLogger(KnownDamage.class.getName());
  private static final int MAX = 1000;

  // guarded by this
  private final SortedMap<Long, Damage> byEntry = new TreeMap<>();

  /** An entry was found damaged. */
  synchronized void add(Damage damage) {
    if (byEntry.size() < MAX || byEntry.containsKey(damage.entry())) {
      Damage before = byEntry.put(damage.entry(), damage);
      if (!damage.equals(before)) {
        LOG.log(System.Logger.Level.ERROR, damage.toString());
      }
    }
  }

  /** These entries were looked at, and this is what was found. */
  synchronized void replace(long from, long end, List<Damage> found) {
    SortedMap<Long, Damage> looked = byEntry.subMap(from, end);
    looked.values().removeIf(known -> !found.contains(known));
    found.forEach(this::add);
  }

  synchronized int count() {
    return byEntry.size();
  }

  synchronized Optional<Damage> first() {
    return byEntry.values().stream().findFirst();
  }
}
