package blackhole.shell.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.api.supervision.AuditTrail;
import blackhole.shell.command.Audit;
import blackhole.shell.render.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file with two lines of JSON for each change: one before, which is there even if nobody lives to
 * see the end, and one after. Full, it becomes {@code .1}, and the one before that is dropped.
 * Thread-safe; writes and syncs while it is asked.
 */
public final class AuditLog implements Audit, AuditTrail {
  static final long MAX_BYTES = 5L << 20;

  private static final Logger LOG = System.getLogger(AuditLog.class.getName());

  private final Path file;
  private final Clock clock;
  private final String user;

  /** Of the change, unique in this process. */
  private final AtomicLong numbers = new AtomicLong();

  /**
   * @param file in a directory that exists
   * @param user in whose name changes are asked for: nobody else gets in
   */
  public AuditLog(Path file, Clock clock, String user) {
    this.file = file;
    this.clock = clock;
    this.user = user;
  }

  @Override
  public void make(String command, List<String> words, Audit.Change change) throws Exception {
    Entry entry = asked(user, command, words);
    try {
      change.run();
      entry.done();
    } catch (Exception | Error e) {
      entry.failed(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public Entry asked(String who, String command, List<String> words) {
    Entry entry =
        new Entry(
            numbers.incrementAndGet(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            who,
            command,
            words);
    entry.write("asked", null);
    return entry;
  }

  /** One change, with a line for each of its ends. */
  public final class Entry implements AuditTrail.Change {
    private final long number;
    private final Instant asked;
    private final String who;
    private final String command;
    private final List<String> words;

    private Entry(long number, Instant asked, String who, String command, List<String> words) {
      this.number = number;
      this.asked = asked;
      this.who = who;
      this.command = command;
      this.words = List.copyOf(words);
    }

    @Override
    public void done() {
      write("done", null);
    }

    @Override
    public void failed(String message) {
      write("failed", message);
    }

    private void write(String outcome, @Nullable String message) {
      AuditLog.this.write(row(number, asked, who, command, words, outcome, message));
    }
  }

  private Map<String, @Nullable Object> row(
      long number,
      Instant asked,
      String who,
      String command,
      List<String> words,
      String outcome,
      @Nullable String message) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    row.put("user", who);
    // together they are unique for as long as the file is kept
    row.put("asked", asked.toString());
    row.put("number", number);
    row.put("command", command);
    row.put("arguments", words);
    row.put("outcome", outcome);
    row.put("message", message);
    return row;
  }

  private synchronized void write(Map<String, @Nullable Object> row) {
    try {
      if (Files.exists(file) && Files.size(file) >= MAX_BYTES) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      ByteBuffer line = UTF_8.encode(Json.line(row) + "\n");
      try (FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        while (line.hasRemaining()) {
          channel.write(line);
        }
        channel.force(false);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot write to " + file + ": " + row, e);
    }
  }
}
