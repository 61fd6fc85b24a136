package blackhole.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.ConfigParser;
import blackhole.orchestrator.config.parser.SecretResolver;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.DistributionIndex;
import blackhole.orchestrator.trust.BundleTrust;
import blackhole.orchestrator.trust.Signers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceBundlesTest {
  @TempDir Path directory;
  private Distribution distribution;
  private ServiceBundles bundles;

  @BeforeEach
  void carry() {
    Properties index = new Properties();
    index.setProperty("digest", "d");
    index.setProperty("services", "blackhole.identity");
    index.setProperty("service.blackhole.identity", "library.jar,identity.jar");
    index.setProperty("data.blackhole.identity", "shared");
    distribution = new Distribution(directory.resolve("lib"), new DistributionIndex(index));
    bundles = new ServiceBundles(home(), distribution);
  }

  private NodeHome home() {
    return NodeHome.of(directory.resolve("home"));
  }

  private ServiceConfig service(String bundle) {
    return new ConfigParser(List::of, SecretResolver.SYSTEM)
        .parse("services: { s: { bundle: \"" + bundle + "\" } }", directory + "/node.yaml")
        .config()
        .orElseThrow()
        .services()
        .get("s");
  }

  private Path jar(String symbolicName) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (symbolicName != null) {
      manifest
          .getMainAttributes()
          .putValue("Bundle-SymbolicName", symbolicName + ";singleton:=true");
    }
    Path jar = directory.resolve("mine.jar");
    try (var made = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      made.flush();
    }
    return jar;
  }

  @Test
  void findsWhatTheLauncherCarriesWithItsLibrariesFirst() throws IOException {
    ServiceBundles.Found found = bundles.find(service("blackhole.identity"));
    assertThat(found.files())
        .containsExactly(
            directory.resolve("lib/library.jar"), directory.resolve("lib/identity.jar"));
    assertThat(found.keepsData()).isTrue();
  }

  @Test
  void keepsACopyOfAnOperatorsFileThatNobodyChanges() throws IOException {
    Path jar = jar("my.service");
    ServiceConfig service = service(jar.toString());
    ServiceBundles.Found found = bundles.find(service);
    assertThat(found.info().symbolicName()).isEqualTo("my.service");
    assertThat(found.keepsData()).isFalse();
    Path kept = found.files().get(0);
    byte[] before = Files.readAllBytes(kept);
    Files.writeString(jar, "overwritten while it runs");
    assertThat(Files.readAllBytes(kept)).isEqualTo(before);
    assertThat(kept).startsWith(directory.resolve("home/bundles/s"));
  }

  @Test
  void runsNothingOfAStrangerWhereSomebodyIsTrusted() throws Exception {
    Signers signers = new Signers(directory);
    Signers.Signer ada = signers.alone("Ada");
    bundles = new ServiceBundles(home(), distribution, new BundleTrust(List.of(signers.pem(ada))));
    Path unsigned = signers.bundle("my.service", "1.0.0");

    assertThat(bundles.findTrusted(service(signers.signed(unsigned, ada).toString())).own())
        .startsWith(directory.resolve("home/bundles/s"));
    assertThat(bundles.findTrusted(service("blackhole.identity")).files()).hasSize(2);
    assertThatIOException()
        .isThrownBy(() -> bundles.findTrusted(service(unsigned.toString())))
        .withMessageContaining("of s is not signed, and node.trust asks for a trusted signature");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    // all is well when the configuration is read, and the file changes after that
    Path jar = jar("my.service");
    ServiceConfig changed = service(jar.toString());
    jar(null);
    assertThatIOException()
        .isThrownBy(() -> bundles.find(changed))
        .withMessageContaining("is not an OSGi bundle");
    Files.writeString(jar, "no jar at all");
    assertThatIOException()
        .isThrownBy(() -> bundles.find(changed))
        .withMessageContaining("is not a jar that can be read");
    Files.delete(jar);
    assertThatIOException()
        .isThrownBy(() -> bundles.find(changed))
        .withMessageContaining("there is no file");
  }

  @Test
  void namesWhatThereIsWhenANameIsUnknown() {
    assertThatIOException()
        .isThrownBy(() -> bundles.find(service("blackhole.nothing")))
        .withMessageContaining("no bundle 'blackhole.nothing'")
        .withMessageContaining("blackhole.identity");
  }
}
