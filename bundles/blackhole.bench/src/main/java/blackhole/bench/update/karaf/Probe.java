package blackhole.bench.update.karaf;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;

/**
 * Calls the service through the registry as often as it can be told from others, 10,000 times a
 * second, while one version is put in the place of the other as {@code bundle:update} does it; and
 * writes a line for each update: for how long no call was answered, in nanoseconds, and how many
 * calls failed.
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

  private void awaitReady() {
    long began = System.nanoTime();
    while (answer() == null) {
      if (System.nanoTime() - began > LIMIT_NANOS) {
        throw new IllegalStateException("no service");
      }
      LockSupport.parkNanos(AROUND_NANOS);
    }
  }

  private String measure(String version) throws Exception {
    long began = System.nanoTime();
    Bundle bundle = bundle();
    @Nullable CompletableFuture<Void> command = null;
    long lastAnswer = began;
    long longest = 0;
    int failed = 0;
    long doneAt = 0;
    while (doneAt == 0 || System.nanoTime() - doneAt < AROUND_NANOS) {
      long now = System.nanoTime();
      if (command == null && now - began > AROUND_NANOS) {
        command = CompletableFuture.runAsync(() -> update(bundle, version));
      }
      if (answer() == null) {
        failed++;
      } else {
        // from the last answer before to the first one after
        longest = failed > 0 ? Math.max(longest, System.nanoTime() - lastAnswer) : longest;
        lastAnswer = System.nanoTime();
      }
      if (doneAt == 0 && command != null && command.isDone()) {
        Void unused = command.get();
        doneAt = now;
      }
      if (now - began > LIMIT_NANOS) {
        throw new IllegalStateException("the update does not end");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return longest + " " + failed;
  }

  private Bundle bundle() {
    for (Bundle bundle : context.getBundles()) {
      if (UPDATED.equals(bundle.getSymbolicName())) {
        return bundle;
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

  /** What the command comes to; the command itself wants somebody who has logged in. */
  private static void update(Bundle bundle, String location) {
    try (InputStream content = URI.create(location).toURL().openStream()) {
      bundle.update(content);
    } catch (IOException | BundleException e) {
      throw new IllegalStateException(e);
    }
  }
}
