package blackhole.bench.update.karaf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Calls the service through the registry as often as it can be told from others, 10,000 times a
 * second, while {@code bundle:update} puts one version in the place of the other; and writes a line
 * for each update: for how long no call was answered, in nanoseconds, and how many calls failed.
 */
public final class Probe implements Runnable {
  /** The file of lines; how many of them; and the two versions, between which it goes. */
  public static final String FILE = "blackhole.probe.file";

  public static final String UPDATES = "blackhole.probe.updates";
  public static final String VERSIONS = "blackhole.probe.versions";
  public static final String UPDATED = "blackhole.bench.karaf.version";

  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final String SESSIONS = "org.apache.karaf.shell.api.console.SessionFactory";

  private final BundleContext context;

  Probe(BundleContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    Path file = Path.of(System.getProperty(FILE));
    try {
      int updates = Integer.parseInt(System.getProperty(UPDATES));
      String[] versions = System.getProperty(VERSIONS).split(",");
      awaitReady();
      for (int update = 1; update <= updates; update++) {
        write(file, measure(versions[update % versions.length]));
      }
    } catch (Exception e) {
      write(file, "failed: " + e);
    }
  }

  private static void write(Path file, String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Until the service answers, and there is a shell to give commands to. */
  private void awaitReady() {
    long began = System.nanoTime();
    while (answer() == null || context.getServiceReference(SESSIONS) == null) {
      if (System.nanoTime() - began > LIMIT_NANOS) {
        throw new IllegalStateException("no service, or no shell");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private String measure(String version) throws Exception {
    long began = System.nanoTime();
    long bundle = bundle();
    @Nullable CompletableFuture<String> command = null;
    long lastAnswer = began;
    long longest = 0;
    int failed = 0;
    long doneAt = 0;
    while (doneAt == 0 || System.nanoTime() - doneAt < AROUND_NANOS) {
      long now = System.nanoTime();
      if (command == null && now - began > AROUND_NANOS) {
        command = CompletableFuture.supplyAsync(() -> execute(bundle, version));
      }
      if (answer() == null) {
        failed++;
      } else {
        // from the last answer before to the first one after
        longest = failed > 0 ? Math.max(longest, System.nanoTime() - lastAnswer) : longest;
        lastAnswer = System.nanoTime();
      }
      if (doneAt == 0 && command != null && command.isDone()) {
        String said = command.get();
        doneAt = now;
        if (!said.isBlank()) {
          throw new IllegalStateException(said);
        }
      }
      if (now - began > LIMIT_NANOS) {
        throw new IllegalStateException("the update does not end");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return longest + " " + failed;
  }

  private long bundle() {
    for (Bundle bundle : context.getBundles()) {
      if (UPDATED.equals(bundle.getSymbolicName())) {
        return bundle.getBundleId();
      }
    }
    throw new IllegalStateException("no bundle " + UPDATED);
  }

  /** As any caller does it that does not keep the service; null where there is none. */
  private @Nullable String answer() {
    try {
      ServiceReference<?>[] found =
          context.getServiceReferences(
              Supplier.class.getName(), "(" + VersionActivator.MARK + "=versioned)");
      if (found == null || !(context.getService(found[0]) instanceof Supplier<?> service)) {
        return null;
      }
      String answer = String.valueOf(service.get());
      boolean unused = context.ungetService(found[0]);
      return answer;
    } catch (Exception e) {
      return null;
    }
  }

  /** Karaf's own command, in a session of its shell; by reflection, as it is not compiled with. */
  private String execute(long bundle, String location) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      ServiceReference<?> reference = context.getServiceReference(SESSIONS);
      Object sessions = context.getService(reference);
      ClassLoader loader = sessions.getClass().getClassLoader();
      Class<?> factory = loader.loadClass(SESSIONS);
      Class<?> type = loader.loadClass("org.apache.karaf.shell.api.console.Session");
      PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
      Object session =
          factory
              .getMethod("create", InputStream.class, PrintStream.class, PrintStream.class)
              .invoke(sessions, new ByteArrayInputStream(new byte[0]), out, out);
      type.getMethod("put", String.class, Object.class).invoke(session, "USER", "karaf");
      Object unused =
          type.getMethod("execute", CharSequence.class)
              .invoke(session, "bundle:update " + bundle + " " + location);
      type.getMethod("close").invoke(session);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return String.valueOf(cause);
    }
    return printed.toString(StandardCharsets.UTF_8).strip();
  }
}
