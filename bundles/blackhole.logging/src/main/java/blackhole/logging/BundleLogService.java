package blackhole.logging;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;

/**
 * The log service as one bundle sees it. Loggers are named as the bundle names them; what it writes
 * by the methods of before OSGi R7 has {@code LogService} and the bundle's name. Thread-safe.
 */
final class BundleLogService implements LogService {
  private final JulLogger unnamed;

  BundleLogService(String symbolicName) {
    this.unnamed = JulLogger.braces("LogService." + symbolicName);
  }

  @Override
  public Logger getLogger(String name) {
    return JulLogger.braces(name);
  }

  @Override
  public Logger getLogger(Class<?> type) {
    return JulLogger.braces(type.getName());
  }

  @Override
  public <L extends Logger> L getLogger(String name, Class<L> kind) {
    if (kind == Logger.class) {
      return kind.cast(JulLogger.braces(name));
    } else if (kind == FormatterLogger.class) {
      return kind.cast(JulLogger.printf(name));
    }
    throw new IllegalArgumentException("no such kind of logger: " + kind.getName());
  }

  @Override
  public <L extends Logger> L getLogger(Class<?> type, Class<L> kind) {
    return getLogger(type.getName(), kind);
  }

  @Override
  public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> kind) {
    boolean root = name.equals(Logger.ROOT_LOGGER_NAME);
    return getLogger(root ? String.valueOf(bundle.getSymbolicName()) : name, kind);
  }

  @Override
  @Deprecated
  public void log(int level, String message) {
    log(null, level, message, null);
  }

  @Override
  @Deprecated
  public void log(int level, String message, @Nullable Throwable exception) {
    log(null, level, message, exception);
  }

  @Override
  @Deprecated
  public void log(@Nullable ServiceReference<?> reference, int level, String message) {
    log(reference, level, message, null);
  }

  @Override
  @Deprecated
  public void log(
      @Nullable ServiceReference<?> reference,
      int level,
      String message,
      @Nullable Throwable exception) {
    unnamed.write(level(level), message, reference, exception);
  }

  /** As the specification maps numbers that it does not know. */
  private static LogLevel level(int number) {
    if (number <= LogLevel.AUDIT.ordinal()) {
      return LogLevel.AUDIT;
    }
    return number < LogLevel.TRACE.ordinal() ? LogLevel.values()[number] : LogLevel.TRACE;
  }
}
