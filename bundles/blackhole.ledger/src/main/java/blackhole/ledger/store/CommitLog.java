package blackhole.ledger.store;

import blackhole.ledger.call.Call;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Reason;
import blackhole.ledger.entry.Draft;
import blackhole.ledger.entry.Entry;
import blackhole.ledger.entry.LeafInput;
import blackhole.ledger.merkle.Frontier;
import blackhole.ledger.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of entries: into the log, synced, then into the index. The log alone is the truth;
 * what the index lacks is taken from it. Used by one thread, but for {@link #state}, {@link #syncs}
 * and {@link #problem}.
 */
final class CommitLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CommitLog.class.getName());

  /** How long a step in the index may take; nobody's call is waited for by name here. */
  static final Duration INDEX_LIMIT = Duration.ofSeconds(30);

  private static final int ROWS = 1000;

  private final Path directory;
  private final EntryFile file;
  private final EntryIndex index;
  private final Clock clock;
  private final AtomicLong syncs = new AtomicLong();

  private Frontier frontier = Frontier.of((level, node) -> Hash.ZERO, 0);
  private volatile TreeState state = TreeState.EMPTY;

  /** The index lacks what is in the log. */
  private boolean behind;

  /** Nobody knows what of the log is on disk, until it is opened anew. */
  private volatile @Nullable IOException broken;

  private CommitLog(Path directory, EntryFile file, EntryIndex index, Clock clock) {
    this.directory = directory;
    this.file = file;
    this.index = index;
    this.clock = clock;
  }

  /**
   * Opens the log, takes away what a crash left of a batch that was not synced, and brings the
   * index up to date.
   *
   * @throws IOException also if entries are damaged or missing that were synced
   */
  static CommitLog open(Path directory, EntryIndex index, Clock clock) throws IOException {
    CommitLog log = new CommitLog(directory, EntryFile.open(directory), index, clock);
    try {
      log.catchUp();
      return log;
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  TreeState state() {
    return state;
  }

  /** How many batches were synced. */
  long syncs() {
    return syncs.get();
  }

  /**
   * Has the index know all that is in the log, which {@link #commit} relies on.
   *
   * @throws LedgerException if that, or anything more, cannot be done
   */
  void prepare() {
    IOException cause = broken;
    if (cause != null) {
      throw unusable(cause);
    }
    if (behind) {
      try {
        catchUp();
      } catch (IOException e) {
        broken = e;
        throw unusable(e);
      }
    }
  }

  /**
   * Records entries. They are on disk, and can be found, when this returns.
   *
   * @param drafts no more than what makes a batch
   * @throws LedgerException when they may not be: then they may still be there after the next
   *     {@link #prepare}
   */
  List<Entry> commit(List<Draft> drafts) {
    Batch batch = new Batch(state, frontier.copy(), clock.millis());
    drafts.forEach(batch::add);
    write(batch);
    behind = true;
    index.add(batch.rows, Call.within(INDEX_LIMIT));
    behind = false;
    frontier = batch.frontier;
    state = batch.state();
    return batch.entries;
  }

  private void write(Batch batch) {
    try {
      file.write(batch.bytes.toByteArray(), state.end());
    } catch (IOException e) {
      takeBack();
      throw IoFailure.of(e, directory);
    }
    try {
      file.sync();
      syncs.incrementAndGet();
    } catch (IOException e) {
      // what the kernel could not write it may have forgotten: a second sync would say nothing
      broken = e;
      throw unusable(e);
    }
  }

  /** Of a batch that was not written as a whole, nothing stays. */
  private void takeBack() {
    try {
      file.truncate(state.end());
    } catch (IOException e) {
      broken = e;
    }
  }

  private static LedgerException unusable(IOException cause) {
    return new LedgerException(
        Reason.STORE_UNAVAILABLE,
        "the log failed (" + cause.getMessage() + "); restart the service",
        cause);
  }

  /** Why no more entries can be recorded until the service is restarted. */
  Optional<String> problem() {
    IOException cause = broken;
    return cause == null
        ? Optional.empty()
        : Optional.of(
            "no entry can be recorded: the log failed ("
                + cause.getMessage()
                + "); restart the service");
  }

  /** Entries that go together, behind those that are there. */
  private static final class Batch {
    final List<Entry> entries = new ArrayList<>();
    final List<EntryIndex.Row> rows = new ArrayList<>();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final Frontier frontier;
    private final TreeState before;
    private final long now;
    private Hash last;

    Batch(TreeState before, Frontier frontier, long now) {
      this.before = before;
      this.frontier = frontier;
      this.now = Math.max(now, before.recordedAt());
      this.last = before.last();
    }

    void add(Draft draft) {
      long index = frontier.size();
      byte[] input = LeafInput.encode(index, now, last, draft);
      Entry entry = new Entry(index, now, last, draft, Hash.leaf(input));
      byte[] frame = Frame.encode(before.size(), input);
      Located located = new Located(index, before.end() + bytes.size(), frame.length, entry.leaf());
      bytes.writeBytes(frame);
      entries.add(entry);
      rows.add(new EntryIndex.Row(located, draft, frontier.add(entry.leaf())));
      last = entry.leaf();
    }

    TreeState state() {
      return new TreeState(
          frontier.size(), before.end() + bytes.size(), frontier.root(), last, now);
    }
  }

  /** Makes the index what the log says. */
  private void catchUp() throws IOException {
    // what a killed process had written may not be synced, and the index must not be ahead of that
    file.sync();
    Call call = Call.within(INDEX_LIMIT);
    long known = index.size(call);
    Optional<Located> last = known == 0 ? Optional.empty() : index.find(known - 1, call);
    if (known > 0 && last.isEmpty()) {
      throw new IOException(
          directory.resolve(EntryIndex.NAME)
              + " lacks a hash; delete it, and it is made anew from "
              + EntryFile.NAME);
    }
    Frontier grown = index.withNodes(call, nodes -> Frontier.of(nodes, known));
    long begin = last.map(Located::end).orElse((long) EntryFile.BEGIN);
    if (file.size() < begin) {
      throw new IOException(missing(known, begin));
    }
    Hash previous = last.map(Located::leaf).orElse(Hash.ZERO);
    LogScan scan = new LogScan(file, known, begin, previous);
    long recordedAt = last.isPresent() ? recordedAt(last.get()) : Long.MIN_VALUE;
    List<EntryIndex.Row> rows = new ArrayList<>();
    for (var next = scan.next(); next.isPresent(); next = scan.next()) {
      LogScan.Found found = next.get();
      previous = found.located().leaf();
      recordedAt = found.entry().recordedAt();
      rows.add(new EntryIndex.Row(found.located(), found.entry().draft(), grown.add(previous)));
      if (rows.size() == ROWS) {
        index.add(rows, Call.within(INDEX_LIMIT));
        rows.clear();
      }
    }
    index.add(rows, Call.within(INDEX_LIMIT));
    cutOff(scan.offset(), grown.size());
    frontier = grown;
    state = new TreeState(grown.size(), scan.offset(), grown.root(), previous, recordedAt);
    behind = false;
  }

  private String missing(long known, long begin) throws IOException {
    return EntryFile.NAME
        + " ends at byte "
        + file.size()
        + ", but entry "
        + (known - 1)
        + ", which was recorded, ends at byte "
        + begin
        + ": restore the file from a backup";
  }

  /** Of the last entry; if that is damaged, which is found out later, times begin anew. */
  private long recordedAt(Located last) throws IOException {
    try (EntryReader reader = EntryReader.open(directory)) {
      return reader.read(last).entry().map(Entry::recordedAt).orElse(Long.MIN_VALUE);
    }
  }

  private void cutOff(long end, long size) throws IOException {
    long surplus = file.size() - end;
    if (surplus > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: a crash cut off what was being written; {1} bytes behind entry {2} are removed,"
              + " none of them acknowledged",
          EntryFile.NAME,
          Long.toString(surplus),
          Long.toString(size - 1));
      file.truncate(end);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
