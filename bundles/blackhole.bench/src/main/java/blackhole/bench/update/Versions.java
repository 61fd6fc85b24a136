package blackhole.bench.update;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import blackhole.api.rpc.Channels;
import blackhole.bench.Bundles;
import blackhole.bench.update.karaf.ProbeActivator;
import blackhole.bench.update.karaf.VersionActivator;
import blackhole.bench.update.service.RelayService;
import blackhole.bench.update.service.VersionedService;
import blackhole.identity.v1.IdentityGrpc;
import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;

/** Makes bundles and other versions of them, as their authors do. */
final class Versions {
  private static final String PACKAGE = "blackhole.bench.update.service";

  private final Path directory;

  Versions(Path directory) {
    this.directory = directory;
  }

  /**
   * The service that answers with its version.
   *
   * @param data its {@code Blackhole-Data}
   */
  Path versioned(String data, String version) throws Exception {
    try (Builder builder = builder("blackhole.bench.versioned", VersionedService.class)) {
      builder.setProperty("Blackhole-Data", data);
      return write(builder, version);
    }
  }

  /** The one that calls the others. */
  Path relay() throws Exception {
    try (Builder builder =
        builder("blackhole.bench.relay", RelayService.class, RelayService.OfIdentity.class)) {
      builder.setProperty("Private-Package", PACKAGE + ", blackhole.identity.v1");
      return write(builder, "1.0.0");
    }
  }

  private static Builder builder(String name, Class<?>... components) throws Exception {
    List<File> classPath = new ArrayList<>();
    for (Class<?> type :
        List.of(
            VersionedService.class,
            IdentityGrpc.class,
            BindableService.class,
            StringValue.class,
            Channels.class,
            BundleContext.class)) {
      classPath.add(Bundles.jar(type).toFile());
    }
    Builder builder = new Builder();
    builder.setClasspath(classPath.toArray(new File[0]));
    builder.setProperty("Bundle-SymbolicName", name);
    builder.setProperty("Private-Package", PACKAGE);
    builder.setProperty(
        "-dsannotations", String.join(", ", Stream.of(components).map(Class::getName).toList()));
    builder.setProperty("-dsannotations-options", "norequirements");
    builder.setProperty("-noimportjava", "true");
    // the package has all components; identity's messages are in the relay only
    builder.setProperty(
        "Import-Package", "!org.jspecify.*, blackhole.identity.v1;resolution:=optional, *");
    return builder;
  }

  /** The service that answers with its version inside of Karaf. */
  Path karafService(String version) throws Exception {
    return karaf(KarafUpdates.SERVICE, VersionActivator.class, version);
  }

  /** Who calls that one, and updates it. */
  Path karafProbe() throws Exception {
    return karaf("blackhole.bench.karaf.probe", ProbeActivator.class, "1.0.0");
  }

  private Path karaf(String name, Class<?> activator, String version) throws Exception {
    try (Builder builder = new Builder()) {
      builder.setClasspath(
          new File[] {Bundles.jar(activator).toFile(), Bundles.jar(BundleContext.class).toFile()});
      builder.setProperty("Bundle-SymbolicName", name);
      builder.setProperty("Bundle-Activator", activator.getName());
      builder.setProperty("Private-Package", activator.getPackageName());
      builder.setProperty("-noimportjava", "true");
      builder.setProperty("Import-Package", "!org.jspecify.*, *");
      return write(builder, version);
    }
  }

  private Path write(Builder builder, String version) throws Exception {
    builder.setProperty("Bundle-Version", version);
    Path file = fresh().resolve(builder.getBsn() + ".jar");
    Bundles.write(builder, file);
    return file;
  }

  private Path fresh() throws IOException {
    return Files.createTempDirectory(directory, "version-");
  }

  /** A bundle that the launcher brought into this home. */
  static Path carried(Path home, String name) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The same bundle as another version. */
  Path as(Path bundle, String version) throws Exception {
    try (Jar jar = new Jar(bundle.toFile())) {
      Manifest manifest = jar.getManifest();
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      jar.setManifest(manifest);
      Path made = fresh().resolve(bundle.getFileName().toString());
      jar.write(made.toFile());
      return made;
    }
  }
}
