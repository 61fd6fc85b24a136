package blackhole.itest.framework;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;

import blackhole.itest.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;

/**
 * A run of {@code runconfigs}, as the build resolved and exported it: its jars as plain bundles,
 * each with a class loader of its own, which sees what the manifest says and nothing else.
 */
final class ResolvedRun {
  /** Its activator opens a shell on this process's terminal. */
  private static final String NOT_STARTED = "org.apache.felix.gogo.jline";

  /** What Pax Exam runs a test method with, inside the framework. */
  private static final List<String> PAX_BUNDLES =
      List.of(
          "ops4j-base-lang",
          "pax-swissbox-core",
          "pax-swissbox-lifecycle",
          "pax-swissbox-tracker",
          "pax-swissbox-extender",
          "pax-exam-extender-service",
          "pax-exam-invoker-junit",
          "pax-exam-inject");

  /**
   * What the tests and Pax Exam use of this class path. No bundle of a run needs any of it; Netty
   * would log by SLF4J where it is, which is why wires are compared without these.
   */
  private static final List<String> TEST_PACKAGES =
      List.of(
          "aQute.bnd.osgi",
          "blackhole.testkit",
          "javax.inject;version=1.0",
          "org.assertj.core.api",
          "org.assertj.core.util",
          "org.junit",
          "org.junit.internal",
          "org.junit.internal.requests",
          "org.junit.internal.runners.model",
          "org.junit.runner",
          "org.junit.runner.notification",
          "org.junit.runners",
          "org.junit.runners.model",
          "org.slf4j;version=1.7.36");

  private ResolvedRun() {}

  static Path directory(String name) {
    return Repository.root().resolve("runconfigs/target/export").resolve(name);
  }

  static List<Path> jars(String name) {
    try (Stream<Path> files = Files.list(directory(name))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a service's run has beyond the host's, libraries first, as an assignment lists it. */
  static List<Path> servicesOwn(String service) {
    Set<Path> host = Set.copyOf(jars("host").stream().map(Path::getFileName).toList());
    return jars(service).stream()
        .filter(jar -> !host.contains(jar.getFileName()))
        .sorted(Comparator.comparing(jar -> isServices(jar, service)))
        .toList();
  }

  private static boolean isServices(Path jar, String service) {
    return jar.getFileName().toString().startsWith("blackhole." + service + "-");
  }

  /** The run and nothing else. */
  static Option[] plain(String name) {
    List<Option> options = new ArrayList<>();
    options.add(frameworkProperty("felix.bootdelegation.implicit").value("false"));
    options.add(frameworkProperty("felix.service.urlhandlers").value("false"));
    // with strict boot delegation Netty's events are classes that their base class cannot see
    options.add(systemProperty("io.netty.jfr.enabled").value("false"));
    options.add(cleanCaches(true));
    options.add(systemTimeout(60_000));
    jars(name).forEach(jar -> options.add(provision(jar)));
    return options.toArray(Option[]::new);
  }

  /** The run, and what a test method needs to run beside it. */
  static Option[] withTests(String name) {
    List<Option> options = new ArrayList<>(List.of(plain(name)));
    PAX_BUNDLES.forEach(artifact -> options.add(provision(onClassPath(artifact))));
    TEST_PACKAGES.forEach(each -> options.add(systemPackage(each)));
    return options.toArray(Option[]::new);
  }

  private static UrlProvisionOption provision(Path jar) {
    UrlProvisionOption option = bundle(jar.toUri().toString());
    return jar.getFileName().toString().startsWith(NOT_STARTED) ? option.noStart() : option;
  }

  private static Path onClassPath(String artifact) {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().matches(artifact + "-\\d.*\\.jar"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(artifact + " is not on the class path"));
  }
}
