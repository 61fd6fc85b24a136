package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleWiring;

/** A real framework made of real jars of this test's class path. */
class NodeFrameworkTest {
  private static final String LAZY = "org.osgi.util.function";

  @TempDir Path directory;
  private NodeFramework framework;

  @BeforeEach
  void start() throws Exception {
    List<Path> jars =
        List.of(
            jar("org.apache.felix.scr"),
            jar("org.osgi.service.component"),
            jar("org.osgi.util.promise"),
            jar(LAZY));
    Path index = directory.resolve("index.properties");
    Files.writeString(
        index,
        "host.bundles="
            + String.join(",", jars.stream().map(Path::toString).toList())
            + "\nhost.lazy="
            + jar(LAZY)
            + "\n");
    framework =
        NodeFramework.create(
            BundleIndex.read(index, BootOptions.Kind.HOST),
            directory.resolve("storage"),
            Map.of("blackhole.home", "/somewhere"));
    framework.start();
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop(20_000);
  }

  private static Path jar(String artifact) {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().startsWith(artifact + "-"))
        .findFirst()
        .orElseThrow();
  }

  private Bundle bundle(String symbolicName) {
    return Arrays.stream(framework.context().getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void startsWhatIsNotLeftForLater() {
    assertThat(bundle("org.apache.felix.scr").getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(bundle(LAZY).getState()).isIn(Bundle.INSTALLED, Bundle.RESOLVED);
    assertThat(framework.context().getProperty("blackhole.home")).isEqualTo("/somewhere");
  }

  @Test
  void wiresBundlesOfTheClassPathLikeAnyOther() {
    BundleWiring wiring = bundle("org.apache.felix.scr").adapt(BundleWiring.class);
    assertThat(wiring.getRequiredWires("osgi.wiring.package"))
        .anySatisfy(
            wire ->
                assertThat(wire.getProvider().getSymbolicName())
                    .isEqualTo("org.osgi.service.component"));
  }

  @Test
  void servesTheirClassesFromTheApplicationLoader() throws Exception {
    Class<?> type =
        bundle("org.osgi.util.promise").loadClass("org.osgi.util.promise.PromiseFactory");
    assertThat(type.getClassLoader()).isSameAs(getClass().getClassLoader());
    assertThat(FrameworkUtil.getBundle(type))
        .satisfiesAnyOf(
            found -> assertThat(found).isNull(),
            found -> assertThat(found.getSymbolicName()).isEqualTo("org.osgi.util.promise"));
  }

  @Test
  void leavesNothingThatTheNextInstallationWouldOverwrite() throws Exception {
    Path next = directory.resolve("storage").resolve("bundle0").resolve("bundle.id");
    assertThat(next.getParent()).isDirectory();
    assertThat(next).doesNotExist();
    Bundle unused = install("org.osgi.framework");
    assertThat(next).doesNotExist();
  }

  @Test
  void refusesWhatAPlainBundleDidNotImport() throws Exception {
    Bundle bundle = install("org.osgi.framework");
    assertThat(bundle.loadClass("org.osgi.framework.Bundle")).isEqualTo(Bundle.class);
    assertThatThrownBy(() -> bundle.loadClass("org.osgi.util.promise.PromiseFactory"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> bundle.loadClass("blackhole.boot.Main"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  /** As a library of the class path does when it is handed a service's class loader. */
  @Test
  void refusesItToClassesOfTheClassPathToo() throws Exception {
    ClassLoader loader = install("org.osgi.framework").adapt(BundleWiring.class).getClassLoader();
    assertThat(Class.forName("org.osgi.framework.Bundle", false, loader)).isEqualTo(Bundle.class);
    assertThatThrownBy(() -> Class.forName("org.osgi.util.promise.PromiseFactory", false, loader))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void wiresWhatAPlainBundleDidImport() throws Exception {
    Bundle bundle = install("org.osgi.util.promise");
    assertThat(bundle.loadClass("org.osgi.util.promise.PromiseFactory").getClassLoader())
        .isSameAs(getClass().getClassLoader());
  }

  @Test
  void removesItsStorageWhenItStops() throws Exception {
    install("org.osgi.framework");
    framework.stop(20_000);
    assertThat(directory.resolve("storage")).doesNotExist();
  }

  private Bundle install(String importPackage) throws IOException, BundleException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "plain");
    attributes.putValue("Import-Package", importPackage);
    Path jar = directory.resolve("plain.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream made = new JarOutputStream(out, manifest)) {
      made.flush();
    }
    Bundle bundle = framework.context().installBundle(jar.toUri().toString());
    bundle.start();
    return bundle;
  }
}
