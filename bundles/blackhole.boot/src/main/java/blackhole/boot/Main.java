package blackhole.boot;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.Lifecycle;
import blackhole.api.host.NodeHome;
import blackhole.api.host.Vacancy;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/**
 * Starts the framework of an orchestrator or of a service host.
 *
 * <p>{@code orchestrator --home DIR --index FILE ...}, {@code host --home DIR --index FILE
 * --assignment FILE ...}, or {@code host --home DIR --index FILE --id ID --spare MILLIS ...} for a
 * host that gets its service later, and waits so long without an orchestrator. Exit code 2 for a
 * wrong command line, 1 when the framework cannot start; everything later is decided by the
 * bundles.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    try {
      BootOptions options = BootOptions.parse(arguments);
      JvmLifecycle lifecycle = new JvmLifecycle(options.kind() == BootOptions.Kind.ORCHESTRATOR);
      lifecycle.listen();
      run(options, lifecycle);
    } catch (IllegalArgumentException e) {
      fail(2, "blackhole: " + e.getMessage(), e);
    } catch (IOException | BundleException | RuntimeException e) {
      fail(1, "blackhole: the framework could not start: " + e.getMessage(), e);
    }
  }

  private static void run(BootOptions options, JvmLifecycle lifecycle)
      throws IOException, BundleException {
    NodeHome home = NodeHome.of(options.path("home"));
    boolean host = options.kind() == BootOptions.Kind.HOST;
    boolean spare = host && options.find("spare").isPresent();
    @Nullable Assignment assignment = null;
    String id = "orchestrator";
    if (spare) {
      id = options.value("id");
      Logs.start(home.hostLog(id), id, false);
    } else if (host) {
      assignment = AssignmentFile.read(options.path("assignment"));
      id = assignment.hostId();
      Logs.hide(assignment.secrets());
      boolean console = options.find("console").isPresent();
      Logs.start(assignment.log(), Logs.source(assignment), console);
    } else {
      Logs.start(home.nodeLog(), JvmLifecycle.NODE, false);
    }
    if (host) {
      lifecycle.endWhenOutOfMemory();
    }
    Map<String, String> properties = new HashMap<>();
    options.values().forEach((key, value) -> properties.put("blackhole." + key, value));
    BundleIndex index = BundleIndex.read(options.path("index"), options.kind());
    Path storage = home.cache().resolve(id);
    NodeFramework framework = NodeFramework.create(index, storage, properties);
    lifecycle.manage(framework);
    if (assignment != null) {
      framework.context().registerService(Assignment.class, assignment, null);
    }
    if (spare) {
      Duration orphanTimeout = Duration.ofMillis(options.number("spare"));
      framework
          .context()
          .registerService(
              Vacancy.class, new VacantHost(id, home, orphanTimeout, framework.context()), null);
    }
    framework.context().registerService(Lifecycle.class, lifecycle, null);
    framework.start();
  }

  /** Felix leaves threads behind that would keep the JVM alive: it must be ended. */
  private static void fail(int code, String message, Exception cause) {
    System.err.println(message);
    System.getLogger(Main.class.getName()).log(Level.ERROR, message, cause);
    System.exit(code);
  }
}
