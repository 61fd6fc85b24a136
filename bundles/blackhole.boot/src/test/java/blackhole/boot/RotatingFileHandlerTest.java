package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileHandlerTest {
  private static final Pattern BEGUN =
      Pattern.compile("\\S+Z WARN  storage-1 \\[4711] (t\\d): record (\\d+)");

  @TempDir Path directory;

  private RotatingFileHandler open(long limitBytes, int files) throws IOException {
    RotatingFileHandler handler =
        new RotatingFileHandler(directory.resolve("a.log"), limitBytes, files);
    handler.setFormatter(
        new SimpleFormatter() {
          @Override
          public synchronized String format(LogRecord record) {
            return record.getMessage() + "\n";
          }
        });
    return handler;
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(directory.resolve(name));
  }

  @Test
  void keepsTheNewestInThePlainFile() throws IOException {
    RotatingFileHandler handler = open(8, 3);
    for (String message : List.of("aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg")) {
      handler.publish(new LogRecord(Level.INFO, message));
    }
    handler.close();
    assertThat(lines("a.log")).containsExactly("ggg");
    assertThat(lines("a.log.1")).containsExactly("eee", "fff");
    assertThat(lines("a.log.2")).containsExactly("ccc", "ddd");
    assertThat(directory.resolve("a.log.3")).doesNotExist();
  }

  @Test
  void goesOnWhereAnEarlierProcessEnded() throws IOException {
    RotatingFileHandler first = open(100, 2);
    first.publish(new LogRecord(Level.INFO, "before"));
    first.close();
    RotatingFileHandler second = open(100, 2);
    second.publish(new LogRecord(Level.INFO, "after"));
    second.close();
    assertThat(lines("a.log")).containsExactly("before", "after");
  }

  @Test
  void writesARecordThatIsLargerThanTheLimitWhole() throws IOException {
    RotatingFileHandler handler = open(4, 2);
    handler.publish(new LogRecord(Level.INFO, "a long line"));
    handler.close();
    assertThat(lines("a.log")).containsExactly("a long line");
  }

  @Test
  void isWrittenThroughBeforeAnybodyFlushes() throws IOException {
    RotatingFileHandler handler = open(100, 2);
    handler.publish(new LogRecord(Level.INFO, "last words"));
    assertThat(lines("a.log")).containsExactly("last words");
    handler.close();
  }

  /** Rotation while many write: whole lines, each trace behind its own line, and nothing lost. */
  @Test
  void recordsStayWholeWhenManyWriteWhileItRotates() throws Exception {
    int threads = 8;
    int records = 500;
    RotatingFileHandler handler = open(64 << 10, 1000);
    try {
      handler.setFormatter(new LogLineFormatter("storage-1", 4711));
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      List<Future<?>> written = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String name = "t" + thread;
        written.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < records; i++) {
                    LogRecord record = new LogRecord(Level.WARNING, "record " + i);
                    record.setLoggerName(name);
                    record.setThrown(new IllegalStateException("of " + name + "\nrecord " + i));
                    handler.publish(record);
                  }
                }));
      }
      for (Future<?> each : written) {
        each.get(1, TimeUnit.MINUTES);
      }
      pool.shutdown();
    } finally {
      handler.close();
    }
    assertThat(directory.resolve("a.log.2")).as("it has rotated").exists();
    Map<String, Integer> next = new HashMap<>();
    String last = "";
    for (String line : oldestFirst()) {
      Matcher begun = BEGUN.matcher(line);
      if (begun.matches()) {
        last = begun.group(1);
        int number = Integer.parseInt(begun.group(2));
        assertThat(number).as(last).isEqualTo(next.getOrDefault(last, 0));
        next.put(last, number + 1);
      } else {
        assertThat(line).startsWith("\t");
        if (line.contains("IllegalStateException")) {
          assertThat(line).as("its own trace").endsWith("of " + last);
        }
      }
    }
    assertThat(next)
        .hasSize(threads)
        .allSatisfy((name, count) -> assertThat(count).isEqualTo(records));
  }

  private List<String> oldestFirst() throws IOException {
    List<String> lines = new ArrayList<>();
    int oldest = 0;
    while (Files.exists(directory.resolve("a.log." + (oldest + 1)))) {
      oldest++;
    }
    for (int number = oldest; number > 0; number--) {
      lines.addAll(lines("a.log." + number));
    }
    lines.addAll(lines("a.log"));
    return lines;
  }
}
