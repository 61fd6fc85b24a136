package blackhole.host;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * What an operator may ask of this JVM: commands of Gogo in scope {@code host}, which finds them by
 * name. Thread-safe.
 */
public final class Diagnostics {
  private static final Map<String, Level> LEVELS =
      Map.of(
          "off", Level.OFF,
          "error", Level.SEVERE,
          "warning", Level.WARNING,
          "info", Level.INFO,
          "debug", Level.FINE,
          // slf4j's and OSGi's; System.Logger's is above it
          "trace", Level.FINEST);

  private final Path logs;

  /** Held here: java.util.logging forgets the level of a logger that nobody holds. */
  private final Map<String, Logger> changed = new ConcurrentHashMap<>();

  Diagnostics(Path logs) {
    this.logs = logs;
  }

  /**
   * @param logs the folder for heap dumps
   */
  static ServiceRegistration<Diagnostics> register(BundleContext context, Path logs) {
    return context.registerService(
        Diagnostics.class,
        new Diagnostics(logs),
        FrameworkUtil.asDictionary(
            Map.of(
                "osgi.command.scope",
                "host",
                "osgi.command.function",
                new String[] {"threads", "heap", "level"})));
  }

  /** All threads with their stacks and locks, and deadlocks, as {@code jstack -l} prints them. */
  public String threads() throws JMException {
    Object[] arguments = {new String[] {"-l"}};
    return String.valueOf(
        invoke("DiagnosticCommand", "threadPrint", arguments, String[].class.getName()));
  }

  /**
   * Writes the objects that are reachable to a file.
   *
   * @param name of the file, which must not be there yet, in the folder of logs
   */
  public void heap(String name) throws JMException {
    if (!Path.of(name).equals(Path.of(name).getFileName())) {
      throw new IllegalArgumentException("a file's name, not '" + name + "'");
    }
    try {
      Object unused =
          invoke(
              "HotSpotDiagnostic",
              "dumpHeap",
              new Object[] {logs.resolve(name).toString(), true},
              String.class.getName(),
              "boolean");
    } catch (MBeanException e) {
      throw new IllegalStateException(
          "cannot write " + name + ": " + e.getTargetException().getMessage(), e);
    }
  }

  /**
   * Sets how much a logger, and those below it, let through.
   *
   * @param logger a name, or {@code root}
   * @param level as {@link System.Logger.Level} has them, or {@code default} for that of the logger
   *     above
   */
  public void level(String logger, String level) {
    boolean root = logger.equals("root");
    if (level.equals("default")) {
      set(root ? "" : logger, root ? Level.INFO : null);
      return;
    }
    @Nullable Level wanted = LEVELS.get(level);
    if (wanted == null) {
      throw new IllegalArgumentException("no such level: " + level);
    }
    set(root ? "" : logger, wanted);
  }

  private void set(String name, @Nullable Level level) {
    Logger logger = Logger.getLogger(name);
    logger.setLevel(level);
    if (level == null) {
      changed.remove(name);
    } else {
      changed.put(name, logger);
    }
  }

  /** By name: the classes behind it are of this JVM only. */
  private static Object invoke(String bean, String operation, Object[] arguments, String... types)
      throws JMException {
    return ManagementFactory.getPlatformMBeanServer()
        .invoke(new ObjectName("com.sun.management:type=" + bean), operation, arguments, types);
  }
}
