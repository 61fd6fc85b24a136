package blackhole.host;

import blackhole.api.host.Assignment;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The bundles of an assignment, in this framework. Thread-safe. */
final class ServiceBundles implements HostedService {
  private static final Logger LOG = System.getLogger(ServiceBundles.class.getName());

  private final BundleContext context;
  private final Assignment assignment;
  private final ConfigurationAdmin configurations;
  private final ServiceComponentRuntime runtime;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private volatile @Nullable Bundle service;
  private volatile @Nullable ServiceWatch watch;

  ServiceBundles(
      BundleContext context,
      Assignment assignment,
      ConfigurationAdmin configurations,
      ServiceComponentRuntime runtime,
      Executor executor,
      ScheduledExecutorService timer) {
    this.context = context;
    this.assignment = assignment;
    this.configurations = configurations;
    this.runtime = runtime;
    this.executor = executor;
    this.timer = timer;
  }

  @Override
  public void start(Listener listener) throws StartException {
    configure();
    List<Bundle> bundles = install();
    Bundle own = bundles.get(bundles.size() - 1);
    service = own;
    for (Bundle bundle : bundles) {
      listener.progress("starts bundle " + bundle.getSymbolicName() + " " + bundle.getVersion());
      start(bundle);
    }
    ServiceWatch opened =
        new ServiceWatch(context, runtime, own, bundles, executor, timer, listener);
    watch = opened;
    opened.open();
  }

  /** Before the bundle starts, so that its components are activated once, and configured. */
  private void configure() throws StartException {
    try {
      configurations
          .getConfiguration(assignment.symbolicName(), "?")
          .updateIfDifferent(ServiceSettings.dictionary(assignment.custom()));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException("the settings under custom: cannot be used: " + e.getMessage(), e);
    }
  }

  private List<Bundle> install() throws StartException {
    if (assignment.bundles().isEmpty()) {
      throw new StartException("the assignment names no bundle", null);
    }
    List<Bundle> bundles = new ArrayList<>();
    for (Path jar : assignment.bundles()) {
      bundles.add(install(jar));
    }
    Bundle own = bundles.get(bundles.size() - 1);
    if (!assignment.symbolicName().equals(own.getSymbolicName())) {
      throw new StartException(
          last(assignment.bundles())
              + " is bundle "
              + own.getSymbolicName()
              + ", expected "
              + assignment.symbolicName(),
          null);
    }
    return bundles;
  }

  private Bundle install(Path jar) throws StartException {
    if (!Files.isRegularFile(jar)) {
      throw new StartException(
          jar + (Files.exists(jar) ? " is not a file" : " does not exist"), null);
    }
    try {
      // by reference: the file never changes, and a copy of it would cost the start
      Bundle bundle = context.installBundle("reference:" + jar.toAbsolutePath().toUri());
      if (bundle.getSymbolicName() == null) {
        throw new StartException(
            jar + " is not an OSGi bundle: its manifest has no Bundle-SymbolicName", null);
      }
      return bundle;
    } catch (BundleException e) {
      throw new StartException(
          jar + " is not a bundle that can be installed: " + BundleProblem.words(e), e);
    }
  }

  private void start(Bundle bundle) throws StartException {
    @Nullable BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
      return;
    }
    try {
      bundle.start(Bundle.START_TRANSIENT);
    } catch (BundleException e) {
      throw new StartException(new BundleProblem(context).describe(bundle, e), e);
    }
  }

  @Override
  public void stop() {
    @Nullable ServiceWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    @Nullable Bundle own = service;
    if (own == null) {
      return;
    }
    try {
      own.stop(Bundle.STOP_TRANSIENT);
    } catch (BundleException e) {
      LOG.log(Level.WARNING, "bundle " + own.getSymbolicName() + " did not stop cleanly", e);
    }
  }

  @Override
  public String bundleVersion() {
    @Nullable Bundle own = service;
    return own == null ? "" : own.getVersion().toString();
  }

  private static Path last(List<Path> paths) {
    return paths.get(paths.size() - 1);
  }
}
