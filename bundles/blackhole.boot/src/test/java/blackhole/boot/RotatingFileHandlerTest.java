package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileHandlerTest {
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
}
