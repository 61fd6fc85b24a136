package blackhole.boot;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** The Felix framework of this process, made of jars of the class path. */
final class NodeFramework {
  private static final Logger LOG = System.getLogger(NodeFramework.class.getName());

  private final Framework framework;
  private final Path storage;
  private final List<Bundle> eager = new ArrayList<>();

  private NodeFramework(Framework framework, Path storage) {
    this.framework = framework;
    this.storage = storage;
  }

  /**
   * Installs every bundle of the index, and starts none yet.
   *
   * @param storage a directory of this process's own; deleted by {@link #stop}
   */
  static NodeFramework create(BundleIndex index, Path storage, Map<String, String> properties)
      throws BundleException {
    ClassPathConnector connector = new ClassPathConnector();
    // beside the making of the framework, which doesn't need them yet
    FutureTask<List<Installation>> reading =
        new FutureTask<>(
            () ->
                index.bundles().stream()
                    .map(file -> Installation.of(file, connector, index))
                    .toList());
    Thread beside =
        new Thread(
            () -> {
              reading.run();
              XmlParser.warmUp();
            },
            "framework-beside");
    beside.setDaemon(true);
    beside.start();
    Map<String, String> configuration = new HashMap<>(properties);
    configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    configuration.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    // Without this, a bundle could load what it never imported from the class path.
    configuration.put("felix.bootdelegation.implicit", "false");
    // Nobody here needs bundle: URLs outside the framework, and their factory is global to the JVM.
    configuration.put("felix.service.urlhandlers", "false");
    // The storage is this process's alone.
    configuration.put("felix.cache.locking", "false");
    // An update has both versions for a moment, and one goes back to what may have the same number.
    configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
    // The settings of services come with each assignment, and are kept nowhere else.
    configuration.put("felix.cm.pm", "memory");
    SystemPackages.configure(configuration);
    Framework framework = new FrameworkFactory().newFramework(configuration, connector);
    NodeFramework made = new NodeFramework(framework, storage);
    framework.init();
    BundleContext context = framework.getBundleContext();
    context.addBundleListener((SynchronousBundleListener) made::forgetNextId);
    for (Installation installation : result(reading)) {
      Bundle bundle = context.installBundle(installation.location());
      if (installation.eager()) {
        made.eager.add(bundle);
      }
    }
    return made;
  }

  /**
   * Felix writes the next bundle's number to the same file with each installation. A file that is
   * written anew costs nothing much, but one that is overwritten is flushed to the disk by ext4 as
   * it is closed, and the next to overwrite it waits for that: a start, or callers of a service
   * that a spare takes over. Nobody reads it: this storage never serves a second start.
   */
  private void forgetNextId(BundleEvent event) {
    if (event.getType() == BundleEvent.INSTALLED) {
      try {
        Files.deleteIfExists(storage.resolve("bundle0").resolve("bundle.id"));
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the next installation waits for the disk", e);
      }
    }
  }

  private static <T> T result(FutureTask<T> task) throws BundleException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new BundleException(String.valueOf(cause.getMessage()), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BundleException("interrupted while the bundles were read", e);
    }
  }

  private record Installation(String location, boolean eager) {
    static Installation of(Path file, ClassPathConnector connector, BundleIndex index) {
      ClassPathModule module = new ClassPathModule(file);
      boolean eager = !module.isFragment() && !index.lazy().contains(file);
      return new Installation(connector.add(module), eager);
    }
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  /** Starts the framework and the bundles that are not left for later. */
  void start() throws BundleException {
    framework.start();
    // one resolution for all is faster than one for each
    framework.adapt(FrameworkWiring.class).resolveBundles(eager);
    for (Bundle bundle : eager) {
      // transient, as all of this framework: else Felix would write it down for each of them
      bundle.start(Bundle.START_TRANSIENT);
    }
  }

  /** Stops all bundles, waits for that, and removes the storage. */
  void stop(long timeoutMillis) throws BundleException, InterruptedException, IOException {
    framework.stop();
    framework.waitForStop(timeoutMillis);
    if (Files.exists(storage)) {
      try (Stream<Path> paths = Files.walk(storage)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
