package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLineFormatterTest {
  private final LogLineFormatter formatter = new LogLineFormatter("identity-1", 42);

  private static LogRecord record(Level level, String message) {
    LogRecord record = new LogRecord(level, message);
    record.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
    record.setLoggerName("a.B");
    return record;
  }

  @Test
  void writesOneLineARecord() {
    assertThat(formatter.format(record(Level.INFO, "up")))
        .isEqualTo("2026-01-02T03:04:05.000Z INFO  identity-1 [42] a.B: up\n");
  }

  @Test
  void namesTheTraceThatItIsWrittenIn() {
    Logs.traceBy(() -> Optional.of("0af7651916cd43dd8448eb211c80319c"));
    try {
      assertThat(formatter.format(record(Level.INFO, "up")))
          .endsWith("identity-1 [42] trace=0af7651916cd43dd8448eb211c80319c a.B: up\n");
    } finally {
      Logs.traceBy(Optional::empty);
    }
  }

  @Test
  void leavesSecretsOut() {
    Logs.hide(List.of("of-a-line-0042"));
    LogRecord record = record(Level.SEVERE, "login with of-a-line-0042, Bearer eyJh.bGci");
    record.setThrown(new IllegalStateException("no of-a-line-0042"));
    assertThat(formatter.format(record))
        .contains("a.B: login with ***, Bearer ***\n\tjava.lang.IllegalStateException: no ***\n")
        .doesNotContain("0042", "eyJh");
  }

  @Test
  @SuppressWarnings("NullAway") // as others may log
  void writesTheExceptionOfARecordWithoutAMessage() {
    LogRecord record = record(Level.SEVERE, null);
    record.setThrown(new IllegalStateException("broken"));
    assertThat(formatter.format(record))
        .contains("a.B: null\n\tjava.lang.IllegalStateException: broken\n");
  }

  @Test
  void fillsInParameters() {
    LogRecord record = record(Level.WARNING, "{0} of {1}");
    record.setParameters(new Object[] {"one", "two"});
    assertThat(formatter.format(record)).endsWith("WARN  identity-1 [42] a.B: one of two\n");
  }

  @Test
  void namesLevelsInFiveLetters() {
    assertThat(LogLineFormatter.name(Level.FINEST)).isEqualTo("DEBUG");
    Level audit = new Level("any", Level.SEVERE.intValue() + 1) {};
    assertThat(LogLineFormatter.name(audit)).isEqualTo("AUDIT");
    assertThat(LogLineFormatter.name(Level.SEVERE)).isEqualTo("ERROR");
  }

  @Test
  void keepsWhatBelongsTogetherBehindTabs() {
    LogRecord record = record(Level.SEVERE, "first\nsecond\r\nthird");
    record.setThrown(new IllegalStateException("broken\nin two"));
    String[] lines = formatter.format(record).split("\n");
    assertThat(lines[0]).endsWith("ERROR identity-1 [42] a.B: first");
    assertThat(lines).hasSizeGreaterThan(5);
    for (int i = 1; i < lines.length; i++) {
      assertThat(lines[i]).startsWith("\t");
    }
  }
}
