package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;

/** Against what Felix itself finds on this JVM. */
class SystemPackagesTest {
  @TempDir Path directory;

  @Test
  void exportsWhatFelixWouldHaveExported() throws Exception {
    Map<String, String> ours = new HashMap<>();
    SystemPackages.configure(ours);
    assertThat(exports(ours))
        .contains("javax.net.ssl", "sun.misc", "org.osgi.framework")
        .doesNotContain("sun.nio.ch");
    assertThat(described(ours)).containsExactlyInAnyOrderElementsOf(described(Map.of()));
  }

  private List<Object> exports(Map<String, String> packages) throws Exception {
    return capabilities(packages).stream().map(each -> each.get("osgi.wiring.package")).toList();
  }

  private List<String> described(Map<String, String> packages) throws Exception {
    return capabilities(packages).stream()
        .map(each -> each.get("osgi.wiring.package") + " " + each.get("version"))
        .toList();
  }

  private List<Map<String, Object>> capabilities(Map<String, String> packages) throws Exception {
    Map<String, String> configuration = new HashMap<>(packages);
    configuration.put(Constants.FRAMEWORK_STORAGE, directory.resolve("storage").toString());
    Framework framework =
        new FrameworkFactory().newFramework(configuration, new ClassPathConnector());
    framework.init();
    try {
      return framework
          .adapt(BundleRevision.class)
          .getDeclaredCapabilities("osgi.wiring.package")
          .stream()
          .map(capability -> capability.getAttributes())
          .toList();
    } finally {
      framework.stop();
      framework.waitForStop(20_000);
    }
  }
}
