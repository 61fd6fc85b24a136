package blackhole.bench.update.karaf;

import java.util.Hashtable;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a service that answers with the version of its bundle. */
public final class VersionActivator implements BundleActivator {
  /** The property by which it is found. */
  static final String MARK = "blackhole.bench";

  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    Supplier<String> answers = () -> version;
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put(MARK, "versioned");
    // unregistered with the bundle
    var unused = context.registerService(Supplier.class.getName(), answers, properties);
  }

  @Override
  public void stop(BundleContext context) {}
}
