package blackhole.indexer.index;

import blackhole.indexer.call.IndexerException;
import blackhole.indexer.call.IndexerException.Reason;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The index in one directory. Changes are made by one thread at a time; everything else is
 * thread-safe. What was changed is found by the next search, and survives the process once it is
 * committed, together with the progress that was made.
 *
 * <p>Files are read, not mapped into memory: the process's limit is small, and what is mapped can
 * be unmapped only by JDK internals, which bundles don't get.
 */
public final class DocumentIndex implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DocumentIndex.class.getName());
  private static final long MEGABYTE = 1 << 20;

  /** One merge at a time is enough for what one feed brings. */
  private static final int MERGES = 2;

  private static final int MERGE_THREADS = 1;

  private final FieldAnalyzer analyzer = new FieldAnalyzer();
  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private volatile Progress progress;
  private final LongAdder searches = new LongAdder();
  private volatile boolean changed;
  private volatile @Nullable IOException failure;

  private DocumentIndex(Path path, long bufferBytes) throws IOException {
    directory = new NIOFSDirectory(path);
    try {
      writer = new IndexWriter(directory, config(bufferBytes));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
    try {
      progress = Progress.of(committed());
      searchers = new SearcherManager(writer, null);
    } catch (IOException | RuntimeException e) {
      writer.rollback();
      directory.close();
      throw e;
    }
  }

  private IndexWriterConfig config(long bufferBytes) {
    ConcurrentMergeScheduler merges = new ConcurrentMergeScheduler();
    merges.setMaxMergesAndThreads(MERGES, MERGE_THREADS);
    return new IndexWriterConfig(analyzer)
        .setRAMBufferSizeMB((double) bufferBytes / MEGABYTE)
        .setMergeScheduler(merges);
  }

  private Map<String, String> committed() throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      return Map.of();
    }
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      return reader.getIndexCommit().getUserData();
    }
  }

  /**
   * Opens the index, or makes one. One that is damaged, or of a format that isn't known, is deleted
   * first: all of it can be had again.
   *
   * @param bufferBytes of documents that are gathered in memory before they are written
   * @throws IOException if it cannot be; the message names the directory
   */
  public static DocumentIndex open(Path path, long bufferBytes) throws IOException {
    Files.createDirectories(path);
    try {
      return new DocumentIndex(path, bufferBytes);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | EOFException
        | FileNotFoundException
        | NoSuchFileException
        | IllegalArgumentException e) {
      LOG.log(Level.WARNING, "the index in {0} is built anew, as it cannot be read: {1}", path, e);
      delete(path);
      return new DocumentIndex(path, bufferBytes);
    }
  }

  private static void delete(Path path) throws IOException {
    try (var files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  public Progress progress() {
    return progress;
  }

  /** Why nothing can be changed any more; null while all is well. It is to be opened again. */
  public @Nullable IOException failure() {
    return failure;
  }

  /** Adds a document, or puts it in the place of the one with its CID. */
  public void put(Entry entry) {
    change(
        () ->
            writer.updateDocument(
                new Term(Fields.CID, entry.cid()), Fields.document(entry, progress.generation())));
  }

  /** Removes a document; nothing happens if there is none. */
  public void delete(String cid) {
    change(() -> writer.deleteDocuments(new Term(Fields.CID, cid)));
  }

  /** All up to this event has been taken in. */
  public void reached(long position) {
    change(() -> progressed(progress.at(position)));
  }

  /** From now on it is built anew; what is there stays until that is done. */
  public void beginGeneration() {
    change(() -> progressed(progress.nextGeneration()));
    commit();
  }

  /** Whatever was not put in this generation goes. */
  public void completeGeneration() {
    change(
        () -> {
          long unused =
              writer.deleteDocuments(
                  LongField.newRangeQuery(
                      Fields.GENERATION, Long.MIN_VALUE, progress.generation() - 1));
          progressed(progress.completed());
        });
    commit();
  }

  /** Whether there is a document of this CID that was put in this generation. */
  public boolean isCurrent(String cid) {
    BooleanQuery query =
        new BooleanQuery.Builder()
            .add(new TermQuery(new Term(Fields.CID, cid)), Occur.FILTER)
            .add(LongField.newExactQuery(Fields.GENERATION, progress.generation()), Occur.FILTER)
            .build();
    return searching(searcher -> searcher.count(query) > 0);
  }

  private void progressed(Progress made) {
    progress = made;
    // what is committed later is never older than this
    writer.setLiveCommitData(made.toMap().entrySet());
  }

  /** Makes durable what was changed. */
  public void commit() {
    if (!changed) {
      return;
    }
    changed = false; // what changes from now on may not be in it
    try {
      long unused = writer.commit();
    } catch (IOException | AlreadyClosedException e) {
      changed = true;
      throw failed(e);
    }
  }

  /**
   * A page of what matches.
   *
   * @throws IndexerException for a query that cannot be read, or is over its time
   */
  public Found search(Wanted wanted, Patience patience) {
    searches.increment();
    Search search = new Search(wanted, analyzer, patience);
    return searching(search::in);
  }

  /** Since it was opened. */
  public long searches() {
    return searches.sum();
  }

  /** How many documents can be found. */
  public int documents() {
    return searching(searcher -> searcher.getIndexReader().numDocs());
  }

  /** Something that Lucene does. */
  private interface Step {
    void run() throws IOException;
  }

  private interface Question<T> {
    T ask(IndexSearcher searcher) throws IOException;
  }

  private void change(Step step) {
    try {
      step.run();
      changed = true;
    } catch (IOException | AlreadyClosedException e) {
      throw failed(e);
    }
  }

  private <T> T searching(Question<T> question) {
    try {
      searchers.maybeRefreshBlocking();
      IndexSearcher searcher = searchers.acquire();
      try {
        return question.ask(searcher);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException | AlreadyClosedException e) {
      throw failed(e);
    }
  }

  /** Lucene closes a writer that failed, so as not to make it worse. */
  private IndexerException failed(Exception e) {
    if (!writer.isOpen() && failure == null) {
      Throwable tragedy = writer.getTragicException();
      failure = new IOException(String.valueOf(tragedy == null ? e : tragedy), e);
    }
    return new IndexerException(Reason.INDEX_UNAVAILABLE, "the index failed: " + e, e);
  }

  /** Commits first, if that is still possible. */
  @Override
  public void close() throws IOException {
    try (directory;
        analyzer) {
      searchers.close();
      if (failure == null) {
        writer.close();
      } else {
        writer.rollback();
      }
    }
  }
}
