package blackhole.logging;

import java.util.Arrays;
import java.util.IllegalFormatException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogLevel;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logger of OSGi's that is one of {@code java.util.logging}: of the same name, with its level,
 * and written on the caller's thread, where it is known which trace it belongs to. Thread-safe.
 */
final class JulLogger extends LevelMethods {
  /** Above all others, so that only a logger that is off leaves it out. */
  static final Level AUDIT = new AuditLevel();

  private static final class AuditLevel extends Level {
    private static final long serialVersionUID = 1;

    AuditLevel() {
      super("AUDIT", Level.SEVERE.intValue() + 100);
    }
  }

  private final Logger target;
  private final boolean printf;

  private JulLogger(String name, boolean printf) {
    this.target = Logger.getLogger(name);
    this.printf = printf;
  }

  /** Arguments stand for <code>{}</code>. */
  static JulLogger braces(String name) {
    return new JulLogger(name, false);
  }

  /** Arguments stand for what {@link String#format} says. */
  static JulLogger printf(String name) {
    return new JulLogger(name, true);
  }

  @Override
  public String getName() {
    return target.getName();
  }

  @Override
  boolean isEnabled(LogLevel level) {
    return target.isLoggable(jul(level));
  }

  @Override
  void write(
      LogLevel level,
      String text,
      @Nullable ServiceReference<?> reference,
      @Nullable Throwable thrown) {
    if (isEnabled(level)) {
      LogRecord line = new LogRecord(jul(level), reference == null ? text : text + " " + reference);
      line.setLoggerName(target.getName());
      line.setThrown(thrown);
      target.log(line);
    }
  }

  @Override
  void format(LogLevel level, String format, @Nullable Object... arguments) {
    if (!isEnabled(level)) {
      return;
    }
    @Nullable Throwable thrown = null;
    @Nullable ServiceReference<?> reference = null;
    int length = arguments.length;
    for (; length > 0; length--) {
      Object last = arguments[length - 1];
      if (thrown == null && last instanceof Throwable exception) {
        thrown = exception;
      } else if (reference == null && last instanceof ServiceReference<?> service) {
        reference = service;
      } else {
        break;
      }
    }
    write(level, text(format, Arrays.copyOf(arguments, length)), reference, thrown);
  }

  private String text(String format, @Nullable Object[] arguments) {
    if (!printf) {
      return String.valueOf(MessageFormatter.basicArrayFormat(format, arguments));
    }
    try {
      return String.format(format, arguments);
    } catch (IllegalFormatException e) {
      // what went wrong is worth more than how it was to be said
      return format + " " + Arrays.toString(arguments) + " (" + e + ")";
    }
  }

  private static Level jul(LogLevel level) {
    return switch (level) {
      case AUDIT -> AUDIT;
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
      case TRACE -> Level.FINEST;
    };
  }
}
