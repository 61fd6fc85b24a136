package blackhole.orchestrator.journal;

import blackhole.api.supervision.StateHistory;
import blackhole.orchestrator.supervision.Journal;
import java.io.IOException;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the last events in memory and in a file of lines, which is made anew when it has twice as
 * many as are kept. Thread-safe; writes on a thread of its own, since those who tell of an event
 * may not wait for a disk. A disk that fails costs the memory over a restart, and nothing else.
 */
public final class StateJournal implements Journal, StateHistory, AutoCloseable {
  static final int KEPT = 1000;

  /** It takes milliseconds; what takes longer is a disk that hangs. */
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private static final Logger LOG = System.getLogger(StateJournal.class.getName());

  private final Path file;
  private final Deque<Event> events = new ArrayDeque<>(); // guarded by itself
  private final Queue<Event> unwritten = new ConcurrentLinkedQueue<>();

  /** Opens when what the file has is among the events. */
  private final CountDownLatch read = new CountDownLatch(1);

  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "journal");
            thread.setDaemon(true);
            return thread;
          });

  // of the writer's thread

  /** What {@link #events} has, but for what is yet to be written. */
  private final Deque<Event> written = new ArrayDeque<>();

  private int lines;
  private boolean failing;

  private StateJournal(Path file) {
    this.file = file;
  }

  /**
   * Goes on with the events in this file, if it is there. What is no event in it, such as the torn
   * last line of a process that was killed, is left out.
   */
  public static StateJournal open(Path file) {
    StateJournal journal = new StateJournal(file);
    // no start has to wait for it
    journal.writer.execute(journal::read);
    return journal;
  }

  private void read() {
    try {
      if (Files.exists(file)) {
        readFile();
      }
    } finally {
      synchronized (events) {
        List<Event> since = List.copyOf(events);
        events.clear();
        written.forEach(event -> keep(events, event));
        since.forEach(event -> keep(events, event));
      }
      read.countDown();
    }
  }

  private void readFile() {
    try {
      // what is torn need not be text either
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        EventLines.parse(line).ifPresent(event -> keep(written, event));
        lines++;
      }
      if (!text.isEmpty() && !text.endsWith("\n")) {
        // the next line must not be added to half of one
        writeAnew();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read what happened before, in " + file, e);
    }
  }

  private void keep(Event event) {
    synchronized (events) {
      keep(events, event);
    }
  }

  private static void keep(Deque<Event> some, Event event) {
    some.addLast(event);
    if (some.size() > KEPT) {
      some.removeFirst();
    }
  }

  /** Waits, at the node's start only, until what happened before has been read. */
  @Override
  public List<Event> events() {
    try {
      read.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  @Override
  public void record(Entry entry) {
    add(
        new Event(
            entry.time(),
            Optional.of(entry.id().service()),
            OptionalInt.of(entry.id().instance()),
            Optional.of(entry.from()),
            Optional.of(entry.to()),
            entry.cause(),
            entry.who(),
            entry.warning()));
  }

  @Override
  public void decided(Decision decision) {
    add(
        new Event(
            decision.time(),
            Optional.of(decision.service()),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            decision.words(),
            decision.who(),
            decision.warning()));
  }

  /** Returns at once. */
  public void add(Event event) {
    keep(event);
    unwritten.add(event);
    try {
      writer.execute(this::write);
    } catch (RejectedExecutionException e) {
      // closed: what comes now is of a process that is about to end
    }
  }

  /** All that has come meanwhile, in one go. */
  private void write() {
    StringBuilder text = new StringBuilder();
    for (Event event = unwritten.poll(); event != null; event = unwritten.poll()) {
      keep(written, event);
      text.append(EventLines.line(event)).append('\n');
      lines++;
    }
    if (lines > 2 * KEPT) {
      writeAnew();
    } else if (!text.isEmpty()) {
      append(text.toString());
    }
  }

  private void append(String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      failing = false;
    } catch (IOException e) {
      failed(e);
    }
  }

  private void writeAnew() {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (Writer out = Files.newBufferedWriter(made)) {
        for (Event event : written) {
          out.write(EventLines.line(event) + "\n");
        }
      }
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      lines = written.size();
      failing = false;
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException e) {
    if (!failing) {
      failing = true;
      LOG.log(Level.WARNING, "cannot keep what happens in " + file + " over a restart", e);
    }
  }

  /** Waits until all is written, but not for long. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      boolean unused = writer.awaitTermination(CLOSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
