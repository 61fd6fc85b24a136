package blackhole.ledger.store;

import blackhole.ledger.call.Call;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.entry.Entry;
import blackhole.ledger.merkle.Hash;
import blackhole.ledger.merkle.Nodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Compares the log with the index, entry by entry: the bytes with their checksum and their hash,
 * each entry with the one before, and every hash of the tree with the two below it. Used by one
 * thread.
 */
final class Verification {
  /** How many entries' places are asked for at once. */
  private static final int PAGE = 500;

  private final Path directory;
  private final EntryIndex index;
  private final Call budget;
  private final Call call;
  private final List<Damage> found = new ArrayList<>();

  /**
   * @param next the first entry that was not looked at
   */
  record Result(long next, List<Damage> damage) {}

  /**
   * The entry before.
   *
   * @param hash that of its bytes; empty if they are no entry
   */
  private record Before(Located place, Optional<Hash> hash) {
    boolean isNamedBy(Entry entry) {
      return entry.previous().equals(place.leaf())
          || hash.filter(entry.previous()::equals).isPresent();
    }
  }

  private Verification(Path directory, EntryIndex index, Call budget, Call call) {
    this.directory = directory;
    this.index = index;
    this.budget = budget;
    this.call = call;
  }

  /**
   * Looks at entries up to one, or until the budget is over.
   *
   * @throws IOException if the log cannot be read
   * @throws LedgerException if the index cannot
   */
  static Result run(Path directory, EntryIndex index, long from, long end, Call budget, Call call)
      throws IOException {
    Verification verification = new Verification(directory, index, budget, call);
    long next = from;
    try (EntryReader reader = EntryReader.open(directory)) {
      if (from == 0 && !EntryFile.isSound(directory)) {
        verification.report(EntryFile.NAME, 0, 0, "the file does not begin as a ledger does");
      }
      while (next < end && !budget.isOver()) {
        next = verification.page(reader, next, end);
      }
    }
    return new Result(next, List.copyOf(verification.found));
  }

  private long page(EntryReader reader, long from, long end) throws IOException {
    int count = (int) Math.min(PAGE, end - from);
    // with the one before, where the first must begin and which it must name
    long first = Math.max(0, from - 1);
    Iterator<Located> places = index.list("", first, count + 1, call).iterator();
    Optional<Before> before = Optional.empty();
    Optional<Located> ahead = next(places);
    if (from > 0 && ahead.isPresent() && ahead.get().index() == first) {
      Located place = ahead.get();
      before = Optional.of(new Before(place, reader.decode(place).entry().map(Entry::leaf)));
      ahead = next(places);
    }
    long entry = from;
    for (; entry < from + count && !budget.isOver(); entry++) {
      if (ahead.isEmpty() || ahead.get().index() != entry) {
        report(EntryIndex.NAME, 0, entry, "it is not in the index");
        before = Optional.empty();
        continue;
      }
      Located place = ahead.get();
      ahead = next(places);
      before = Optional.of(new Before(place, entry(reader, place, before)));
      tree(entry);
    }
    return entry;
  }

  private static Optional<Located> next(Iterator<Located> places) {
    return places.hasNext() ? Optional.of(places.next()) : Optional.empty();
  }

  /** Returns the hash of its bytes, if they are an entry. */
  private Optional<Hash> entry(EntryReader reader, Located place, Optional<Before> before)
      throws IOException {
    if (place.index() == 0 || before.isPresent()) {
      long begin = before.map(known -> known.place().end()).orElse((long) EntryFile.BEGIN);
      if (place.offset() != begin) {
        report(EntryIndex.NAME, 0, place.index(), "it does not begin where the one before ends");
      }
    }
    EntryReader.Result result = reader.decode(place);
    result.damage().ifPresent(found::add);
    if (result.entry().isEmpty()) {
      return Optional.empty();
    }
    Entry entry = result.entry().get();
    if (!entry.leaf().equals(place.leaf())) {
      blame(reader, place, entry);
    } else if (place.index() == 0 && !entry.previous().equals(Hash.ZERO)) {
      report(EntryFile.NAME, place.offset(), 0, "it names an entry before, as the first of all");
    } else if (before.isPresent() && !before.get().isNamedBy(entry)) {
      report(EntryFile.NAME, place.offset(), place.index(), "it does not follow the entry before");
    }
    return Optional.of(entry.leaf());
  }

  /** The entry that follows tells which of the two hashes is the one that was recorded. */
  private void blame(EntryReader reader, Located place, Entry entry) throws IOException {
    Optional<Located> follower = index.find(place.index() + 1, call);
    Optional<Hash> recorded = Optional.empty();
    if (follower.isPresent()) {
      recorded = reader.decode(follower.get()).entry().map(Entry::previous);
    }
    if (recorded.isPresent() && recorded.get().equals(entry.leaf())) {
      report(EntryIndex.NAME, 0, place.index(), "its hash in the index is not that of its bytes");
    } else {
      report(
          EntryFile.NAME,
          place.offset(),
          place.index(),
          "its hash is not the one that was recorded");
    }
  }

  /** The subtrees that end with an entry. */
  private void tree(long entry) {
    try {
      boolean sound = index.withNodes(call, nodes -> isTree(nodes, entry));
      if (!sound) {
        report(EntryIndex.NAME, 0, entry, "a hash of the tree above it is not that of those below");
      }
    } catch (LedgerException e) {
      if (call.isOver()) {
        throw e;
      }
      report(EntryIndex.NAME, 0, entry, "a hash of the tree above it cannot be read");
    }
  }

  private static boolean isTree(Nodes nodes, long entry) {
    long size = entry + 1;
    for (int level = 1; size % (1L << level) == 0; level++) {
      long node = (size >> level) - 1;
      Hash below = Hash.node(nodes.node(level - 1, 2 * node), nodes.node(level - 1, 2 * node + 1));
      if (!nodes.node(level, node).equals(below)) {
        return false;
      }
    }
    return true;
  }

  private void report(String file, long offset, long entry, String description) {
    found.add(new Damage(file, offset, entry, description));
  }
}
