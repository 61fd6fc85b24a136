package blackhole.boot;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.host.Redaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Points {@code java.util.logging}, which stands behind {@code System.Logger}, gRPC and Netty, at
 * this process's log file. It works before there is a framework, and after.
 */
final class Logs {
  private static final long LIMIT_BYTES = 10L << 20;
  private static final int FILES = 5;

  /** Of the thread that writes. */
  private static volatile Supplier<Optional<String>> traceIds = Optional::empty;

  private static volatile Redaction redaction = Redaction.NONE;

  private Logs() {}

  /**
   * @param file in a directory that exists
   * @param source who writes, for example {@code identity-1}
   * @param console whether to write to stderr too
   */
  static void start(Path file, String source, boolean console) throws IOException {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    add(root, new RotatingFileHandler(file, LIMIT_BYTES, FILES), formatter(source));
    if (console) {
      // for people, whatever the file is for
      add(root, new ConsoleHandler(), text(source));
    }
  }

  /** From now on this process's log is this file, and the one before is closed. */
  static void move(Path file, String source) throws IOException {
    Logger root = Logger.getLogger("");
    Handler[] before = root.getHandlers();
    // first, so that no line is lost
    add(root, new RotatingFileHandler(file, LIMIT_BYTES, FILES), formatter(source));
    for (Handler handler : before) {
      root.removeHandler(handler);
      handler.close();
    }
  }

  /** What each line says of the trace that it is written in; {@link LogLineFormatter} asks. */
  static void traceBy(Supplier<Optional<String>> source) {
    traceIds = source;
  }

  static Optional<String> traceId() {
    return traceIds.get();
  }

  /** No line has these any more. */
  static synchronized void hide(Collection<String> secrets) {
    redaction = redaction.and(secrets);
  }

  /** A text as a line may have it. */
  static String redacted(String text) {
    return redaction.apply(text);
  }

  /** Whose log the host of an assignment writes. */
  static String source(Assignment assignment) {
    return assignment.service() + "-" + assignment.instance();
  }

  /** From now on, this process's file has a JSON object a line. */
  static void asJson(String source) {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      if (handler instanceof RotatingFileHandler) {
        handler.setFormatter(new LogJsonFormatter(source, ProcessHandle.current().pid()));
      }
    }
  }

  /** As the JVM's flags say. */
  private static Formatter formatter(String source) {
    return "json".equals(System.getProperty(Lifecycle.LOG_FORMAT))
        ? new LogJsonFormatter(source, ProcessHandle.current().pid())
        : text(source);
  }

  private static Formatter text(String source) {
    return new LogLineFormatter(source, ProcessHandle.current().pid());
  }

  private static void add(Logger root, Handler handler, Formatter formatter) {
    handler.setFormatter(formatter);
    root.addHandler(handler);
  }
}
