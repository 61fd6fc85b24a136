package blackhole.orchestrator.registry;

import blackhole.api.registry.ServiceRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The directory at its newest revision, and what it takes to bring older copies there: which
 * service changed when, also of those that are gone. What is different since a revision is found
 * without a look at the rest. Thread-safe; everything is guarded by this.
 */
final class DirectoryState {
  private static final int REMOVED_KEPT = 256;

  private final Map<String, ServiceRecord> records = new HashMap<>();

  /** The services that there are, by when each changed last. */
  private final TreeSet<Change> changes =
      new TreeSet<>(Comparator.comparingLong(Change::revision).thenComparing(Change::service));

  /** With which revision a name went, of the last ones. */
  private final Map<String, Long> removed = new HashMap<>();

  private final NavigableMap<Long, String> removals = new TreeMap<>();
  private long revision;

  /** Copies older than this may have missed that a name went. */
  private long compacted;

  private record Change(long revision, String service) {
    static Change of(ServiceRecord record) {
      return new Change(record.revision(), record.name());
    }
  }

  synchronized long revision() {
    return revision;
  }

  /** These are all; what went before is not known. */
  synchronized void replace(long newRevision, Collection<ServiceRecord> all) {
    records.clear();
    changes.clear();
    removed.clear();
    removals.clear();
    all.forEach(this::put);
    revision = newRevision;
    compacted = newRevision;
  }

  /**
   * One revision more.
   *
   * @param now empty when it is gone
   */
  synchronized void change(long newRevision, String service, Optional<ServiceRecord> now) {
    revision = newRevision;
    if (now.isPresent()) {
      put(now.get());
      @Nullable Long gone = removed.remove(service);
      if (gone != null) {
        removals.remove(gone);
      }
      return;
    }
    @Nullable ServiceRecord before = records.remove(service);
    if (before != null) {
      changes.remove(Change.of(before));
    }
    @Nullable Long earlier = removed.put(service, newRevision);
    if (earlier != null) {
      removals.remove(earlier);
    }
    removals.put(newRevision, service);
    if (removals.size() > REMOVED_KEPT) {
      Map.Entry<Long, String> oldest = removals.pollFirstEntry();
      removed.remove(oldest.getValue());
      compacted = oldest.getKey();
    }
  }

  /** Something that makes no revision. */
  synchronized void refresh(ServiceRecord record) {
    put(record);
  }

  private void put(ServiceRecord record) {
    @Nullable ServiceRecord before = records.put(record.name(), record);
    if (before != null) {
      changes.remove(Change.of(before));
    }
    changes.add(Change.of(record));
  }

  /** What a copy lacks that has the revision {@code known} of {@code knownEpoch}. */
  synchronized DirectoryFeed.Delta since(String epoch, String knownEpoch, long known) {
    boolean resumes = epoch.equals(knownEpoch) && known >= compacted && known <= revision;
    if (!resumes) {
      return new DirectoryFeed.Delta(
          epoch,
          revision,
          true,
          records.values().stream().sorted(Comparator.comparing(ServiceRecord::name)).toList(),
          List.of());
    }
    List<ServiceRecord> changed =
        changes.tailSet(new Change(known + 1, ""), true).stream()
            .map(Change::service)
            .sorted()
            .map(records::get)
            .toList();
    List<String> gone = removals.tailMap(known, false).values().stream().sorted().toList();
    return new DirectoryFeed.Delta(epoch, revision, false, changed, gone);
  }
}
