package blackhole.boot;

import java.io.File;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Lets jars of the class path enter the framework as bundles of their own (OSGi Core 8, Connect).
 * Bundles that are installed from elsewhere stay ordinary bundles. Thread-safe.
 */
final class ClassPathConnector implements ModuleConnector {
  private final Map<String, ConnectModule> modules = new ConcurrentHashMap<>();

  /** Makes a module known, and gives the location to install it from. */
  String add(ClassPathModule module) {
    String location = "classpath:" + module.symbolicName();
    modules.put(location, module);
    return location;
  }

  @Override
  public void initialize(File storage, Map<String, String> configuration) {
    // every module was added before the framework was made
  }

  @Override
  public Optional<ConnectModule> connect(String location) {
    return Optional.ofNullable(modules.get(location));
  }

  @Override
  public Optional<BundleActivator> newBundleActivator() {
    return Optional.empty();
  }
}
