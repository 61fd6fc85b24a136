package blackhole.itest;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.header.OSGiHeader;
import aQute.bnd.header.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house, read off the manifests of what was built. */
class HouseRulesTest {
  private static final Set<String> GROUND_FLOOR =
      Set.of("blackhole.grpc", "blackhole.proto", "blackhole.api", "blackhole.logging");

  /** Built here, but no bundles that a node runs. */
  private static final Set<String> WORKSHOP =
      Set.of(
          "blackhole.testkit",
          "blackhole.itest",
          "blackhole.bench",
          "blackhole.boot",
          "blackhole.sqlite");

  private static final Set<String> MIDDLE_FLOOR =
      Set.of(
          "blackhole.endpoint",
          "blackhole.client",
          "blackhole.observability",
          "blackhole.process",
          "blackhole.orchestrator",
          "blackhole.host",
          "blackhole.admin",
          "blackhole.shell");

  private record Built(String name, Attributes manifest) {
    Parameters header(String header) {
      String value = manifest.getValue(header);
      return OSGiHeader.parseHeader(value == null ? "" : value);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Built> bundles() throws IOException {
    Path root = Repository.root();
    List<Path> folders;
    try (Stream<Path> rooms = Files.list(root.resolve("bundles"))) {
      folders = Stream.concat(rooms, Stream.of(root.resolve("proto"))).sorted().toList();
    }
    List<Built> built =
        folders.stream()
            .filter(folder -> Files.exists(folder.resolve("pom.xml")))
            .map(HouseRulesTest::read)
            .filter(bundle -> !WORKSHOP.contains(bundle.name()))
            .toList();
    assertThat(built).hasSizeGreaterThan(8);
    return built;
  }

  private static Built read(Path folder) {
    String name =
        folder.getFileName().toString().equals("proto")
            ? "blackhole.proto"
            : folder.getFileName().toString();
    Path jar = folder.resolve("target").resolve(name + "-" + Repository.version() + ".jar");
    if (!Files.exists(jar)) {
      // not built yet in this run: only the workshop comes after this test
      assertThat(WORKSHOP).as("%s has no jar", folder).contains(name);
      return new Built(name, new Attributes());
    }
    try (JarFile opened = new JarFile(jar.toFile())) {
      return new Built(name, opened.getManifest().getMainAttributes());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + jar, e);
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void isNamedLikeItsFolder(Built bundle) {
    assertThat(bundle.header("Bundle-SymbolicName").keySet()).containsExactly(bundle.name());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void exportsOnlyFromTheGroundFloor(Built bundle) {
    if (!GROUND_FLOOR.contains(bundle.name())) {
      assertThat(bundle.header("Export-Package").keySet()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void versionsWhatItExports(Built bundle) {
    bundle
        .header("Export-Package")
        .forEach(
            (name, attributes) ->
                assertThat(attributes.getVersion()).as("version of %s", name).isNotNull());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void isWiredByPackagesAlone(Built bundle) {
    assertThat(bundle.header("Require-Bundle")).isEmpty();
    assertThat(bundle.header("DynamicImport-Package")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void importsOursOnlyFromTheGroundFloor(Built bundle) {
    assertThat(bundle.header("Import-Package").keySet())
        .filteredOn(name -> name.startsWith("blackhole."))
        .allMatch(
            name ->
                name.startsWith("blackhole.api.")
                    || name.equals("blackhole.grpc")
                    || name.equals("blackhole.access.v1")
                    || name.equals("blackhole.control.v1")
                    || name.equals("blackhole.health.v1"));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void keepsTheInsidesOfLibrariesOut(Built bundle) {
    if (!GROUND_FLOOR.contains(bundle.name())) {
      assertThat(bundle.header("Import-Package").keySet())
          .noneMatch(name -> name.startsWith("io.grpc.internal"))
          .noneMatch(name -> name.startsWith("io.netty.util.internal"));
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void leavesGogoToTheShell(Built bundle) {
    if (!bundle.name().equals("blackhole.shell")) {
      assertThat(bundle.header("Import-Package").keySet())
          .noneMatch(name -> name.startsWith("org.apache.felix.service.command"))
          .noneMatch(name -> name.startsWith("org.apache.felix.gogo"))
          .noneMatch(name -> name.startsWith("org.jline"));
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void keepsServicesAwayFromSupervision(Built bundle) {
    boolean service =
        !GROUND_FLOOR.contains(bundle.name()) && !MIDDLE_FLOOR.contains(bundle.name());
    if (service) {
      assertThat(bundle.header("Import-Package").keySet())
          .doesNotContain("blackhole.control.v1")
          .noneMatch(name -> name.startsWith("blackhole.api.supervision"))
          .noneMatch(name -> name.startsWith("blackhole.api.process"))
          .noneMatch(name -> name.startsWith("blackhole.api.host"));
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void importsLibrariesByRangeInServices(Built bundle) {
    boolean service =
        !GROUND_FLOOR.contains(bundle.name()) && !MIDDLE_FLOOR.contains(bundle.name());
    if (service) {
      // a floor copied from today's version would refuse tomorrow's host, or yesterday's
      bundle
          .header("Import-Package")
          .forEach(
              (name, attributes) -> {
                if (name.startsWith("com.google.") || name.startsWith("io.grpc")) {
                  assertThat(attributes.get("version"))
                      .as("range of %s", name)
                      .matches("\\[\\d+(\\.\\d+)?,\\d+\\)");
                }
              });
    }
  }
}
