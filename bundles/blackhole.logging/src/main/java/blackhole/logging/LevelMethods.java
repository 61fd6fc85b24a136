package blackhole.logging;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LoggerConsumer;

/** The thirty-four methods of a logger of OSGi's, as three. Thread-safe. */
abstract class LevelMethods implements FormatterLogger {
  abstract boolean isEnabled(LogLevel level);

  /**
   * A text as it is.
   *
   * @param reference of the service that it is about
   */
  abstract void write(
      LogLevel level,
      String text,
      @Nullable ServiceReference<?> reference,
      @Nullable Throwable thrown);

  /** A text to be made. An exception and a service at the end are no arguments of it. */
  abstract void format(LogLevel level, String format, @Nullable Object... arguments);

  @Override
  public final boolean isTraceEnabled() {
    return isEnabled(LogLevel.TRACE);
  }

  @Override
  public final <E extends Exception> void trace(LoggerConsumer<E> consumer) throws E {
    if (isEnabled(LogLevel.TRACE)) {
      consumer.accept(this);
    }
  }

  @Override
  public final boolean isDebugEnabled() {
    return isEnabled(LogLevel.DEBUG);
  }

  @Override
  public final <E extends Exception> void debug(LoggerConsumer<E> consumer) throws E {
    if (isEnabled(LogLevel.DEBUG)) {
      consumer.accept(this);
    }
  }

  @Override
  public final boolean isInfoEnabled() {
    return isEnabled(LogLevel.INFO);
  }

  @Override
  public final <E extends Exception> void info(LoggerConsumer<E> consumer) throws E {
    if (isEnabled(LogLevel.INFO)) {
      consumer.accept(this);
    }
  }

  @Override
  public final boolean isWarnEnabled() {
    return isEnabled(LogLevel.WARN);
  }

  @Override
  public final <E extends Exception> void warn(LoggerConsumer<E> consumer) throws E {
    if (isEnabled(LogLevel.WARN)) {
      consumer.accept(this);
    }
  }

  @Override
  public final boolean isErrorEnabled() {
    return isEnabled(LogLevel.ERROR);
  }

  @Override
  public final <E extends Exception> void error(LoggerConsumer<E> consumer) throws E {
    if (isEnabled(LogLevel.ERROR)) {
      consumer.accept(this);
    }
  }

  @Override
  public final void trace(String message) {
    write(LogLevel.TRACE, message, null, null);
  }

  @Override
  public final void trace(String format, @Nullable Object argument) {
    format(LogLevel.TRACE, format, argument);
  }

  @Override
  public final void trace(String format, @Nullable Object first, @Nullable Object second) {
    format(LogLevel.TRACE, format, first, second);
  }

  @Override
  public final void trace(String format, @Nullable Object... arguments) {
    format(LogLevel.TRACE, format, arguments);
  }

  @Override
  public final void debug(String message) {
    write(LogLevel.DEBUG, message, null, null);
  }

  @Override
  public final void debug(String format, @Nullable Object argument) {
    format(LogLevel.DEBUG, format, argument);
  }

  @Override
  public final void debug(String format, @Nullable Object first, @Nullable Object second) {
    format(LogLevel.DEBUG, format, first, second);
  }

  @Override
  public final void debug(String format, @Nullable Object... arguments) {
    format(LogLevel.DEBUG, format, arguments);
  }

  @Override
  public final void info(String message) {
    write(LogLevel.INFO, message, null, null);
  }

  @Override
  public final void info(String format, @Nullable Object argument) {
    format(LogLevel.INFO, format, argument);
  }

  @Override
  public final void info(String format, @Nullable Object first, @Nullable Object second) {
    format(LogLevel.INFO, format, first, second);
  }

  @Override
  public final void info(String format, @Nullable Object... arguments) {
    format(LogLevel.INFO, format, arguments);
  }

  @Override
  public final void warn(String message) {
    write(LogLevel.WARN, message, null, null);
  }

  @Override
  public final void warn(String format, @Nullable Object argument) {
    format(LogLevel.WARN, format, argument);
  }

  @Override
  public final void warn(String format, @Nullable Object first, @Nullable Object second) {
    format(LogLevel.WARN, format, first, second);
  }

  @Override
  public final void warn(String format, @Nullable Object... arguments) {
    format(LogLevel.WARN, format, arguments);
  }

  @Override
  public final void error(String message) {
    write(LogLevel.ERROR, message, null, null);
  }

  @Override
  public final void error(String format, @Nullable Object argument) {
    format(LogLevel.ERROR, format, argument);
  }

  @Override
  public final void error(String format, @Nullable Object first, @Nullable Object second) {
    format(LogLevel.ERROR, format, first, second);
  }

  @Override
  public final void error(String format, @Nullable Object... arguments) {
    format(LogLevel.ERROR, format, arguments);
  }

  @Override
  public final void audit(String message) {
    write(LogLevel.AUDIT, message, null, null);
  }

  @Override
  public final void audit(String format, @Nullable Object argument) {
    format(LogLevel.AUDIT, format, argument);
  }

  @Override
  public final void audit(String format, @Nullable Object first, @Nullable Object second) {
    format(LogLevel.AUDIT, format, first, second);
  }

  @Override
  public final void audit(String format, @Nullable Object... arguments) {
    format(LogLevel.AUDIT, format, arguments);
  }
}
