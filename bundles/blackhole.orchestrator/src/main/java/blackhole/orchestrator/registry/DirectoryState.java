package blackhole.orchestrator.registry;

import blackhole.api.registry.ServiceRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The directory at one revision, and what it takes to bring older copies there: which service
 * changed when, also of those that are gone. Immutable.
 *
 * @param records by name
 * @param removed the revision with which a name went, of the last ones
 * @param compacted copies older than this may have missed that a name went
 */
record DirectoryState(
    long revision, Map<String, ServiceRecord> records, Map<String, Long> removed, long compacted) {
  static final DirectoryState EMPTY = new DirectoryState(0, Map.of(), Map.of(), 0);

  private static final int REMOVED_KEPT = 256;

  DirectoryState {
    records = Map.copyOf(records);
    removed = Map.copyOf(removed);
  }

  /** What went before is not known. */
  static DirectoryState of(long revision, Collection<ServiceRecord> all) {
    Map<String, ServiceRecord> records = new TreeMap<>();
    all.forEach(record -> records.put(record.name(), record));
    return new DirectoryState(revision, records, Map.of(), revision);
  }

  /**
   * @param now empty when it is gone
   */
  DirectoryState with(long newRevision, String service, Optional<ServiceRecord> now) {
    Map<String, ServiceRecord> newRecords = new TreeMap<>(records);
    Map<String, Long> newRemoved = new TreeMap<>(removed);
    long newCompacted = compacted;
    if (now.isPresent()) {
      newRecords.put(service, now.get());
      newRemoved.remove(service);
    } else {
      newRecords.remove(service);
      newRemoved.put(service, newRevision);
      if (newRemoved.size() > REMOVED_KEPT) {
        Map.Entry<String, Long> oldest =
            newRemoved.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
        newRemoved.remove(oldest.getKey());
        newCompacted = oldest.getValue();
      }
    }
    return new DirectoryState(newRevision, newRecords, newRemoved, newCompacted);
  }

  DirectoryState refreshed(ServiceRecord record) {
    Map<String, ServiceRecord> newRecords = new TreeMap<>(records);
    newRecords.put(record.name(), record);
    return new DirectoryState(revision, newRecords, removed, compacted);
  }

  DirectoryFeed.Delta since(String epoch, String knownEpoch, long known) {
    boolean resumes = epoch.equals(knownEpoch) && known >= compacted && known <= revision;
    List<ServiceRecord> changed =
        records.values().stream()
            .filter(record -> !resumes || record.revision() > known)
            .sorted(Comparator.comparing(ServiceRecord::name))
            .toList();
    List<String> gone =
        !resumes
            ? List.of()
            : removed.entrySet().stream()
                .filter(entry -> entry.getValue() > known)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    return new DirectoryFeed.Delta(epoch, revision, !resumes, changed, gone);
  }
}
