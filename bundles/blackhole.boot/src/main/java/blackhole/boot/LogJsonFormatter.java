package blackhole.boot;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One JSON object a line, every key always there: {@code time}, {@code level}, {@code service},
 * {@code instance}, {@code pid}, {@code trace_id}, {@code logger}, {@code message}, {@code
 * exception}; null if unknown. Line breaks are escaped, so a record is a line whatever is in it.
 */
final class LogJsonFormatter extends Formatter {
  private static final Pattern INSTANCE = Pattern.compile("(.+)-([0-9]{1,9})");

  private final String origin;

  LogJsonFormatter(String source, long pid) {
    Matcher instance = INSTANCE.matcher(source);
    boolean numbered = instance.matches();
    this.origin =
        ",\"service\":"
            + quoted(numbered ? instance.group(1) : source)
            + ",\"instance\":"
            + (numbered ? instance.group(2) : "null")
            + ",\"pid\":"
            + pid;
  }

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder(256);
    // first, and as in text: whoever merges logs reads no further
    line.append("{\"time\":").append(quoted(LogLineFormatter.time(record.getInstant())));
    line.append(",\"level\":").append(quoted(LogLineFormatter.name(record.getLevel()).strip()));
    line.append(origin);
    line.append(",\"trace_id\":")
        .append(Logs.traceId().map(LogJsonFormatter::quoted).orElse("null"));
    line.append(",\"logger\":")
        .append(quoted(Optional.ofNullable(record.getLoggerName()).orElse("")));
    line.append(",\"message\":")
        .append(quoted(Logs.redacted(String.valueOf(formatMessage(record)))));
    line.append(",\"exception\":");
    if (record.getThrown() == null) {
      line.append("null");
    } else {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.append(quoted(Logs.redacted(trace.toString().stripTrailing())));
    }
    return line.append("}\n").toString();
  }

  /** By hand: what a process logs with has no libraries yet. */
  private static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          // the two separators are line breaks to some readers
          if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
