package blackhole.host;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Whether this process can still open files and take connections. One that leaks file descriptors
 * is degraded near its limit, unhealthy at it, and useless when that lasts: what leaked does not
 * come back, and no new caller gets in. Thread-safe.
 */
final class OpenFiles implements HealthCheck {
  /** In a row; after these it ends. */
  static final int FAILURES = 3;

  private static final Logger LOG = System.getLogger(OpenFiles.class.getName());
  private static final double MANY = 0.9;

  /** What the system says. */
  interface Table {
    /** Takes a descriptor and gives it back; throws when there is none. */
    void probe() throws IOException;

    /** Empty when it cannot be told, or there is none. */
    OptionalLong limit();

    /** Empty when it cannot be told. */
    OptionalLong open();
  }

  private final Table table;
  private final Consumer<String> end;
  private final OptionalLong limit;
  private int failures; // guarded by this
  private volatile String problem = "";

  /**
   * @param end ends the process; gets the reason
   */
  OpenFiles(Table table, Consumer<String> end) {
    this.table = table;
    this.end = end;
    // now: at the limit it could not be read
    this.limit = table.limit();
  }

  /** To be called at intervals. */
  synchronized void look() {
    try {
      table.probe();
      failures = 0;
      problem = "";
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException e) {
    String message = String.valueOf(e.getMessage());
    // "in system": others have taken all there are, and our end would give none of them back
    if (!message.contains("Too many open files") || message.contains("in system")) {
      LOG.log(Level.WARNING, "cannot open a file: {0}", message);
      return;
    }
    problem = "too many open files" + words(" of ", limit);
    LOG.log(Level.WARNING, problem);
    if (++failures >= FAILURES) {
      end.accept("java.io.IOException: " + problem);
    }
  }

  @Override
  public HealthResult check() {
    String now = problem;
    if (!now.isEmpty()) {
      return HealthResult.unhealthy(now);
    }
    OptionalLong open = table.open();
    if (limit.isPresent() && open.isPresent() && open.getAsLong() > MANY * limit.getAsLong()) {
      return HealthResult.degraded(
          open.getAsLong() + words(" of ", limit) + " file descriptors are open");
    }
    return HealthResult.healthy();
  }

  private static String words(String before, OptionalLong number) {
    return number.isPresent() ? before + number.getAsLong() : "";
  }
}
