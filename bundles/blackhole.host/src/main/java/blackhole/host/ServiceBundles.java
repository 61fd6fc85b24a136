package blackhole.host;

import blackhole.api.host.Assignment;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
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
  private final UsedClasses used;
  private volatile @Nullable ServiceRegistration<?> watchesClasses;
  private volatile List<Bundle> libraries = List.of();
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
    this.used = new UsedClasses(assignment.symbolicName());
  }

  @Override
  public void start(Listener listener) throws StartException {
    configure();
    List<Bundle> bundles = install();
    Bundle own = bundles.get(bundles.size() - 1);
    libraries = List.copyOf(bundles.subList(0, bundles.size() - 1));
    service = own;
    if (isForOneWriter(own)) {
      // callers of the others never wait for a version's start
      watchesClasses = context.registerService(WeavingHook.class, used, null);
    }
    for (Bundle bundle : bundles) {
      listener.progress("starts bundle " + bundle.getSymbolicName() + " " + bundle.getVersion());
      start(bundle);
    }
    watch = watch(own, listener);
  }

  /** Watches a version of the service's bundle, which was started. */
  ServiceWatch watch(Bundle own, Listener listener) {
    List<Bundle> bundles = new ArrayList<>(libraries);
    bundles.add(own);
    ServiceWatch opened =
        new ServiceWatch(context, runtime, own, bundles, executor, timer, listener);
    opened.open();
    return opened;
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

  /** Whether it can be another version of the service's bundle. */
  void check(Bundle bundle) throws StartException {
    if (!assignment.symbolicName().equals(bundle.getSymbolicName())) {
      throw new StartException(
          "it is bundle " + bundle.getSymbolicName() + ", expected " + assignment.symbolicName(),
          null);
    }
    if (isFragment(bundle)) {
      throw new StartException("it is a fragment of another bundle, and no bundle", null);
    }
  }

  /** Finds all that it imports, without anything of it being run. */
  void resolve(Bundle bundle) throws StartException {
    Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    FrameworkWiring framework = Objects.requireNonNull(system.adapt(FrameworkWiring.class));
    if (!framework.resolveBundles(List.of(bundle))) {
      BundleException problem =
          new BundleException(
              "something that it stands on does not resolve", BundleException.RESOLVE_ERROR);
      throw new StartException(new BundleProblem(context).describe(bundle, problem), problem);
    }
  }

  /** Whether one version of it has to stop before another starts. */
  static boolean isForOneWriter(Bundle bundle) {
    @Nullable String data = bundle.getHeaders("").get("Blackhole-Data");
    return data != null && data.strip().toLowerCase(Locale.ROOT).equals("single");
  }

  /** Loads the classes of a version that others before it have used, so that it starts faster. */
  void load(Bundle bundle) {
    int loaded = used.loadFrom(bundle);
    LOG.log(Level.DEBUG, "{0} has {1} classes loaded", bundle, loaded);
  }

  Executor executor() {
    return executor;
  }

  /** A file that nobody else in this process writes, and that goes with it. */
  Path dataFile(String name) throws IOException {
    @Nullable File file = context.getDataFile(name);
    if (file == null) {
      throw new IOException("this framework keeps no files");
    }
    return file.toPath();
  }

  /** The service's own bundle; null before it is installed. */
  @Nullable Bundle own() {
    return service;
  }

  /** Another version of the bundle serves from now on. */
  void replace(Bundle fresh) {
    service = fresh;
  }

  /** Stops a version, and takes it out; its classes go as soon as nothing uses them. */
  void uninstall(Bundle bundle) {
    if (bundle.getState() == Bundle.UNINSTALLED) {
      return;
    }
    try {
      bundle.uninstall();
    } catch (BundleException e) {
      LOG.log(Level.WARNING, "bundle " + bundle.getVersion() + " was not taken out", e);
    }
    Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    Objects.requireNonNull(system.adapt(FrameworkWiring.class)).refreshBundles(List.of(bundle));
  }

  /**
   * @throws StartException when it is none, in words
   */
  Bundle install(Path jar) throws StartException {
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

  void start(Bundle bundle) throws StartException {
    if (isFragment(bundle)) {
      return;
    }
    try {
      bundle.start(Bundle.START_TRANSIENT);
    } catch (BundleException e) {
      throw new StartException(new BundleProblem(context).describe(bundle, e), e);
    }
  }

  private static boolean isFragment(Bundle bundle) {
    @Nullable BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  @Override
  public void stop() {
    @Nullable ServiceWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    @Nullable ServiceRegistration<?> watches = watchesClasses;
    if (watches != null) {
      watchesClasses = null;
      watches.unregister();
    }
    @Nullable Bundle own = service;
    if (own != null) {
      stop(own);
    }
  }

  /** Returns when its components are deactivated. */
  void stop(Bundle own) {
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
