package blackhole.orchestrator.plan;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.BundleInfo;
import blackhole.orchestrator.distribution.CarriedCatalog;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.trust.BundleTrust;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a service is made of: a bundle that the launcher carries, or a file of the operator's.
 */
public final class ServiceBundles {
  private static final Logger LOG = System.getLogger(ServiceBundles.class.getName());

  private final NodeHome home;
  private final Distribution distribution;
  private final BundleTrust trust;

  /** Takes everybody's bundles. */
  public ServiceBundles(NodeHome home, Distribution distribution) {
    this(home, distribution, BundleTrust.EVERYBODY);
  }

  /**
   * @param trust whose bundles run, beside the launcher's own
   */
  public ServiceBundles(NodeHome home, Distribution distribution, BundleTrust trust) {
    this.home = home;
    this.distribution = distribution;
    this.trust = trust;
  }

  /**
   * A service's bundle.
   *
   * @param files to install, libraries first, the service's own last
   */
  public record Found(BundleInfo info, List<Path> files) {
    /** The service's own bundle. */
    public Path own() {
      return files.get(files.size() - 1);
    }

    public boolean keepsData() {
      return info.data() != BundleInfo.Data.NONE;
    }
  }

  /**
   * The one in force: what an operator has installed, else what is configured.
   *
   * @throws IOException when there is no such bundle, or the file is none; the message says which
   */
  public Found find(ServiceConfig service) throws IOException {
    Found configured = configured(service);
    Optional<Path> installed = InstalledBundle.find(home, service.name());
    if (installed.isEmpty()) {
      return configured;
    }
    BundleInfo info = read(installed.get());
    if (!info.symbolicName().equals(configured.info().symbolicName())) {
      LOG.log(
          Level.WARNING,
          "the installed version of {0} is bundle {1}, and configured is {2}: that is used",
          service.name(),
          info.symbolicName(),
          configured.info().symbolicName());
      return configured;
    }
    List<Path> files = new ArrayList<>(configured.files());
    files.set(files.size() - 1, installed.get());
    return new Found(info, List.copyOf(files));
  }

  /**
   * The one in force, to be run.
   *
   * @throws IOException as {@link #find}, and when it is of nobody whom this node trusts
   */
  Found findTrusted(ServiceConfig service) throws IOException {
    Found found = find(service);
    if (!distribution.holds(found.own())) {
      Optional<String> refusal = trust.refusalOnce(found.own());
      if (refusal.isPresent()) {
        throw new IOException(
            "bundle " + found.own().getFileName() + " of " + service.name() + " " + refusal.get());
      }
    }
    return found;
  }

  /**
   * What is configured, whatever is installed.
   *
   * @throws IOException as {@link #find}
   */
  public Found configured(ServiceConfig service) throws IOException {
    Optional<BundleInfo> carried = new CarriedCatalog(distribution.index()).find(service.bundle());
    if (carried.isPresent()) {
      return new Found(carried.get(), distribution.serviceBundles(service.bundle()).orElseThrow());
    }
    if (!isPath(service.bundle())) {
      throw new IOException(
          "this launcher has no bundle '"
              + service.bundle()
              + "'; it has "
              + String.join(", ", distribution.index().services()));
    }
    return fromFile(service.name(), Path.of(service.bundle()));
  }

  private static boolean isPath(String bundle) {
    return bundle.contains("/") || bundle.endsWith(".jar");
  }

  private Found fromFile(String service, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no file " + file);
    }
    return new Found(read(file), List.of(keep(service, file)));
  }

  private static BundleInfo read(Path file) throws IOException {
    Optional<BundleInfo> info;
    try {
      info = BundleInfo.read(file);
    } catch (IOException e) {
      throw new IOException(file + " is not a jar that can be read: " + e.getMessage(), e);
    }
    return info.orElseThrow(
        () ->
            new IOException(
                file + " is not an OSGi bundle: its manifest has no Bundle-SymbolicName"));
  }

  /** A copy that nobody changes: the operator may overwrite the file while the service runs. */
  private Path keep(String service, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String name = file.getFileName().toString().replaceFirst("\\.jar$", "");
    Path directory = home.bundles().resolve(service);
    Path kept = directory.resolve(name + "-" + digest(bytes) + ".jar");
    if (!Files.exists(kept)) {
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, ".copy-", ".tmp");
      Files.write(temporary, bytes);
      Files.move(temporary, kept, StandardCopyOption.ATOMIC_MOVE);
    }
    return kept;
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
