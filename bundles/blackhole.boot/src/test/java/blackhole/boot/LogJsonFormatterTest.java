package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogJsonFormatterTest {
  private static LogRecord record(String message) {
    LogRecord record = new LogRecord(Level.WARNING, message);
    record.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
    record.setLoggerName("a.B");
    return record;
  }

  @Test
  void aRecordIsAnObjectOnALine() {
    assertThat(new LogJsonFormatter("front-end-12", 42).format(record("say \"\\\"\n\tü\u0001")))
        .isEqualTo(
            "{\"time\":\"2026-01-02T03:04:05.000Z\",\"level\":\"WARN\",\"service\":\"front-end\","
                + "\"instance\":12,\"pid\":42,\"trace_id\":null,\"logger\":\"a.B\","
                + "\"message\":\"say \\\"\\\\\\\"\\n\\tü\\u0001\",\"exception\":null}\n");
  }

  @Test
  void aStackTraceStaysOnItsLine() {
    Formatter formatter = new LogJsonFormatter("node", 42);
    LogRecord record = record("up");
    record.setThrown(new IllegalStateException("broken\nin two"));
    assertThat(formatter.format(record))
        .contains("\"service\":\"node\",\"instance\":null")
        .contains("\"exception\":\"java.lang.IllegalStateException: broken\\nin two\\n\\tat ")
        .satisfies(line -> assertThat(line.lines()).hasSize(1));
  }

  @Test
  void itLeavesSecretsOutBeforeTheyAreEscaped() {
    Logs.hide(List.of("of\"json\"-0042"));
    LogRecord record = record("login with of\"json\"-0042");
    record.setThrown(new IllegalStateException("no of\"json\"-0042"));
    assertThat(new LogJsonFormatter("node", 42).format(record))
        .contains("\"message\":\"login with ***\"", "IllegalStateException: no ***")
        .doesNotContain("0042");
  }

  @Test
  void itNamesTheTrace() {
    Logs.traceBy(() -> Optional.of("0af7651916cd43dd8448eb211c80319c"));
    try {
      assertThat(new LogJsonFormatter("node", 42).format(record("up")))
          .contains("\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\"");
    } finally {
      Logs.traceBy(Optional::empty);
    }
  }
}
