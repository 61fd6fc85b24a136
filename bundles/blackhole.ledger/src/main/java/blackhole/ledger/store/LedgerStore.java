package blackhole.ledger.store;

import blackhole.ledger.call.Call;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Reason;
import blackhole.ledger.entry.Draft;
import blackhole.ledger.entry.Entry;
import blackhole.ledger.merkle.Hash;
import blackhole.ledger.merkle.MerkleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The entries on disk. Methods block, for files and for the index, but no longer than their call's
 * deadline, and throw {@link LedgerException}. Thread-safe; one process at a time.
 */
public final class LedgerStore implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LedgerStore.class.getName());

  /** Bytes of the entries of a page, but for the last, which may pass it. */
  private static final int PAGE_BYTES = 1 << 20;

  private static final Duration INSPECTION_BUDGET = Duration.ofSeconds(1);

  /** How long a step of an inspection may wait. */
  private static final Duration INSPECTION_LIMIT = Duration.ofSeconds(30);

  private final Path directory;
  private final DirectoryLock lock;
  private final EntryIndex index;
  private final CommitLog log;
  private final Writer writer;
  private final KnownDamage damage = new KnownDamage();
  private final Inspection inspection;

  /**
   * @param poolSize connections to the index
   * @param cacheBytes of the index's pages, kept in memory by all connections together
   * @param bufferBytes of entries that may wait to be written
   * @param verifyInterval between two rounds through the whole ledger
   */
  public record Settings(
      int poolSize, long cacheBytes, long bufferBytes, Duration verifyInterval) {}

  /**
   * @param before it was there already
   */
  public record Appended(Entry entry, boolean before) {}

  /**
   * @param next where the next page begins; empty after the last
   */
  public record Page(List<Entry> entries, OptionalLong next) {}

  /** A path from a leaf to the root of the tree of this size. */
  public record Inclusion(long index, long size, Hash leaf, List<Hash> path, Hash root) {}

  /** A path that leads to both roots. */
  public record Consistency(
      long first, long second, Hash firstRoot, Hash secondRoot, List<Hash> path) {}

  /**
   * @param next the first entry that was not looked at
   * @param size how many the ledger had
   */
  public record Verified(long next, long size, List<Damage> damage) {}

  private LedgerStore(
      Path directory, DirectoryLock lock, EntryIndex index, CommitLog log, Settings settings) {
    this.directory = directory;
    this.lock = lock;
    this.index = index;
    this.log = log;
    this.writer = new Writer(directory, log, index, settings.bufferBytes());
    this.inspection = new Inspection(this::inspect, settings.verifyInterval());
  }

  /**
   * Opens the ledger in a directory, and makes it if it is not there. What a crash left of entries
   * that were not acknowledged is removed.
   *
   * @throws IOException if another process has it, if it cannot be read or written, and if what was
   *     recorded is not there; the message names the process, or the file
   */
  public static LedgerStore open(Path directory, Settings settings, Clock clock)
      throws IOException {
    DirectoryLock lock = DirectoryLock.take(directory);
    EntryIndex index = null;
    try {
      index = EntryIndex.open(directory, settings.poolSize(), settings.cacheBytes());
      CommitLog log = CommitLog.open(directory, index, clock);
      LedgerStore store = new LedgerStore(directory, lock, index, log, settings);
      store.writer.start();
      store.inspection.start();
      return store;
    } catch (IOException | RuntimeException e) {
      abandon(index, lock);
      if (e instanceof LedgerException) {
        throw new IOException("cannot open the ledger in " + directory + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private static void abandon(@Nullable EntryIndex index, DirectoryLock lock) throws IOException {
    if (index != null) {
      index.close();
    }
    lock.close();
  }

  /** What is there now, all of it synced. */
  public TreeState state() {
    return log.state();
  }

  /**
   * Records an entry, unless it is there. Doesn't block.
   *
   * @return completed when it is on disk, on a thread that must not be blocked; else failed with a
   *     {@link LedgerException}, for example {@link Reason#KEY_REUSED}
   */
  public CompletableFuture<Appended> append(Draft draft, Call call) {
    return writer
        .append(draft, call)
        .thenApply(appended -> new Appended(appended.entry(), appended.before()));
  }

  /**
   * @throws LedgerException {@link Reason#ENTRY_NOT_FOUND}, {@link Reason#ENTRY_DAMAGED}, or as the
   *     store fails
   */
  public Entry get(long entry, Call call) {
    Located place = locate(entry, call);
    try (EntryReader reader = EntryReader.open(directory)) {
      return read(reader, place);
    } catch (IOException e) {
      throw IoFailure.of(e, directory);
    }
  }

  private Located locate(long entry, Call call) {
    if (entry >= state().size()) {
      throw notFound(entry);
    }
    return index.find(entry, call).orElseThrow(() -> notFound(entry));
  }

  private LedgerException notFound(long entry) {
    return new LedgerException(
        Reason.ENTRY_NOT_FOUND,
        "there is no entry " + entry + "; the ledger has " + state().size());
  }

  private Entry read(EntryReader reader, Located place) throws IOException {
    EntryReader.Result result = reader.read(place);
    result.damage().ifPresent(damage::add);
    return result.entry().orElseThrow(() -> Writer.failure(result.damage().orElseThrow()));
  }

  /**
   * Entries in the order of their index.
   *
   * @param account empty for all
   * @param from the first entry that may be meant
   * @param limit how many at most; fewer where they are large
   */
  public Page list(String account, long from, int limit, Call call) {
    long size = state().size();
    // one more than asked for, to see whether there is a next page
    List<Located> places =
        index.list(account, from, limit + 1, call).stream()
            .filter(place -> place.index() < size)
            .toList();
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    try (EntryReader reader = EntryReader.open(directory)) {
      for (Located place : places) {
        if (entries.size() == limit || bytes >= PAGE_BYTES) {
          return new Page(entries, OptionalLong.of(place.index()));
        }
        entries.add(read(reader, place));
        bytes += place.size();
      }
    } catch (IOException e) {
      throw IoFailure.of(e, directory);
    }
    return new Page(entries, OptionalLong.empty());
  }

  /**
   * Proves that an entry is in the tree.
   *
   * @param size of the tree; 0 for the whole
   * @throws LedgerException {@link Reason#ENTRY_NOT_FOUND}, {@link Reason#TREE_TOO_SMALL}
   * @throws IllegalArgumentException if the tree is not so large that the entry is in it
   */
  public Inclusion proveInclusion(long entry, long size, Call call) {
    if (entry >= state().size()) {
      throw notFound(entry);
    }
    long tree = sizeOf(size);
    return index.withNodes(
        call,
        nodes ->
            new Inclusion(
                entry,
                tree,
                nodes.node(0, entry),
                MerkleTree.inclusion(nodes, entry, tree),
                MerkleTree.root(nodes, tree)));
  }

  /**
   * Proves that a tree begins with all of a smaller one.
   *
   * @param second its size; 0 for the whole
   * @throws LedgerException {@link Reason#TREE_TOO_SMALL}
   * @throws IllegalArgumentException unless 0 &lt; first ≤ second
   */
  public Consistency proveConsistency(long first, long second, Call call) {
    long older = sizeOf(first);
    long newer = sizeOf(second);
    return index.withNodes(
        call,
        nodes ->
            new Consistency(
                older,
                newer,
                MerkleTree.root(nodes, older),
                MerkleTree.root(nodes, newer),
                MerkleTree.consistency(nodes, older, newer)));
  }

  private long sizeOf(long wanted) {
    long size = state().size();
    if (wanted > size) {
      throw new LedgerException(
          Reason.TREE_TOO_SMALL,
          "there is no tree of " + wanted + " entries yet; the ledger has " + size);
    }
    return wanted == 0 ? size : wanted;
  }

  /**
   * Compares entries with their hashes.
   *
   * @param count how many at most
   * @param budget when it is over, so is this, with what was done by then
   */
  public Verified verify(long from, int count, Call budget, Call call) {
    long size = state().size();
    long end = Math.min(size, from + count);
    try {
      Verification.Result result = Verification.run(directory, index, from, end, budget, call);
      damage.replace(from, result.next(), result.damage());
      return new Verified(result.next(), size, result.damage());
    } catch (IOException e) {
      throw IoFailure.of(e, directory);
    }
  }

  private long inspect(long from, int count) {
    Verified verified =
        verify(from, count, Call.within(INSPECTION_BUDGET), Call.within(INSPECTION_LIMIT));
    return verified.next() >= verified.size() ? 0 : verified.next();
  }

  /** Damage that is known of, the first of it. */
  public Optional<Damage> firstDamage() {
    return damage.first();
  }

  /** Why no entry can be recorded until the service is restarted. */
  public Optional<String> problem() {
    return log.problem();
  }

  /** Whether the index answers. */
  public void probe(Call call) {
    long unused = index.size(call);
  }

  /** Numbers by name; each begins with {@code ledger_}. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    TreeState now = state();
    metrics.put("ledger_entries", (double) now.size());
    metrics.put("ledger_log_bytes", (double) now.end());
    metrics.put("ledger_syncs_total", (double) log.syncs());
    metrics.put("ledger_appends_waiting", (double) writer.waiting());
    metrics.put("ledger_damaged_entries", (double) damage.count());
    metrics.put("ledger_inspections_total", (double) inspection.rounds());
    return metrics;
  }

  /** Appends that wait fail; the batch that is being written is waited for. */
  @Override
  public void close() {
    inspection.close();
    writer.close();
    index.close();
    try {
      log.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the log could not be closed", e);
    }
    try {
      lock.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the lock could not be closed", e);
    }
  }
}
