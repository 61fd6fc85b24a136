package blackhole.bench.service;

import io.grpc.BindableService;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.util.tracker.ServiceTracker;

/**
 * What a framework costs by itself: Felix with the bundles of others that a host has (Declarative
 * Services, Config Admin, grpc-java with all it stands on), from the class path as a host has them,
 * and the service as an ordinary bundle. What that publishes is served as {@link BareServer} does.
 * {@code FrameworkServer SOCKET STORAGE SERVICE}; {@code train} after it as there. The class path
 * is the framework, the bundles in a host's order, and the jar with this class.
 */
public final class FrameworkServer {
  private static final long TIMEOUT_SECONDS = 60;

  private FrameworkServer() {}

  public static void main(String[] arguments) throws Exception {
    BundleContext context = start(Path.of(arguments[1]), Path.of(arguments[2]));
    ServiceTracker<BindableService, BindableService> services =
        new ServiceTracker<>(context, BindableService.class, null);
    services.open();
    BindableService service = services.waitForService(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
    BareServer.serve(
        Path.of(arguments[0]),
        Objects.requireNonNull(service, "the service's bundle publishes none"),
        arguments.length > 3);
  }

  private static BundleContext start(Path storage, Path service) throws BundleException {
    List<ClassPathBundle> found = new ArrayList<>();
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      found.add(new ClassPathBundle(Path.of(jar)));
    }
    // the framework itself, and the jar with this class
    List<ClassPathBundle> bundles = List.copyOf(found.subList(1, found.size() - 1));
    // as a host's: nothing is written that needs not be, and packages are not looked for
    Map<String, String> configuration = new HashMap<>();
    configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    configuration.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    configuration.put("felix.bootdelegation.implicit", "false");
    configuration.put("felix.service.urlhandlers", "false");
    configuration.put("felix.cache.locking", "false");
    configuration.put("felix.cm.pm", "memory");
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES, "");
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, packages());
    Framework framework =
        new FrameworkFactory().newFramework(configuration, ClassPathBundle.connector(bundles));
    framework.init();
    BundleContext context = framework.getBundleContext();
    List<Bundle> installed = new ArrayList<>();
    for (ClassPathBundle bundle : bundles) {
      Bundle made = context.installBundle(bundle.location());
      if (!bundle.isFragment()) {
        installed.add(made);
      }
    }
    framework.start();
    framework.adapt(FrameworkWiring.class).resolveBundles(installed);
    for (Bundle bundle : installed) {
      bundle.start(Bundle.START_TRANSIENT);
    }
    context
        .installBundle("reference:" + service.toAbsolutePath().toUri())
        .start(Bundle.START_TRANSIENT);
    return context;
  }

  /** What the JDK's modules export to everybody. */
  private static String packages() {
    return ModuleLayer.boot().modules().stream()
        .flatMap(module -> module.getDescriptor().exports().stream())
        .filter(exported -> !exported.isQualified())
        .map(exported -> exported.source() + ";version=\"0.0.0.JavaSE_017\"")
        .collect(Collectors.joining(","));
  }
}
