package blackhole.boot;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One line a record: {@code time level source [pid] logger: message}, with {@code trace=ID} before
 * the logger where what is done is being traced. Line breaks within a message and the lines of a
 * stack trace begin with a tab, so that whatever begins otherwise begins a record.
 */
final class LogLineFormatter extends Formatter {
  private final String origin;

  LogLineFormatter(String source, long pid) {
    this.origin = " " + source + " [" + pid + "] ";
  }

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder(160);
    line.append(time(record.getInstant()))
        .append(' ')
        .append(name(record.getLevel()))
        .append(origin);
    Logs.traceId().ifPresent(trace -> line.append("trace=").append(trace).append(' '));
    line.append(record.getLoggerName()).append(": ");
    // a record may have nothing but its exception
    line.append(indented(Logs.redacted(String.valueOf(formatMessage(record))))).append('\n');
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.append('\t')
          .append(indented(Logs.redacted(trace.toString().stripTrailing())))
          .append('\n');
    }
    return line.toString();
  }

  /** To the millisecond. */
  static String time(Instant instant) {
    Instant time = instant.truncatedTo(ChronoUnit.MILLIS);
    // a whole second would otherwise lose its fraction, and columns would not line up
    return time.getNano() == 0 ? time.toString().replace("Z", ".000Z") : time.toString();
  }

  private static String indented(String text) {
    return text.indexOf('\n') < 0 ? text : text.replace("\r", "").replaceAll("\n\t?", "\n\t");
  }

  /** Of five characters. */
  static String name(Level level) {
    if (level.intValue() > Level.SEVERE.intValue()) {
      // OSGi's, of lines that are to be there whatever is left out
      return "AUDIT";
    } else if (level.intValue() == Level.SEVERE.intValue()) {
      return "ERROR";
    } else if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN ";
    } else if (level.intValue() >= Level.INFO.intValue()) {
      return "INFO ";
    }
    return "DEBUG";
  }
}
