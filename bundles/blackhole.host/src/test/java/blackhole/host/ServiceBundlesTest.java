package blackhole.host;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.api.host.Assignment;
import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.host.sample.BrokenActivator;
import blackhole.host.sample.NeedyService;
import blackhole.host.sample.SampleService;
import blackhole.host.sample.SampleStore;
import blackhole.host.sample.Store;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Bundles that come up, and the many that do not, in a real framework with a real SCR. */
class ServiceBundlesTest {
  private static final String NAME = "sample.service";
  private static final String PID = "configuration-pid=\"" + NAME + "\"";
  private static final String BINDABLE =
      "<service><provide interface=\"io.grpc.BindableService\"/></service>";
  private static final String STORE_TYPE = Store.class.getName();
  private static final String NEEDS_STORE =
      "<reference name=\"store\" interface=\"" + STORE_TYPE + "\" parameter=\"0\"/>";
  private static final String OFFERS_STORE =
      "<service><provide interface=\"" + STORE_TYPE + "\"/></service>";

  @TempDir Path directory;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Collection<ServerServiceDefinition>> satisfied =
      new LinkedBlockingQueue<>();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private TestFramework framework;

  @BeforeEach
  void startFramework() throws Exception {
    framework = new TestFramework(directory.resolve("framework"));
  }

  @AfterEach
  void stopFramework() throws Exception {
    framework.close();
    executor.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void aServiceComesUpWithItsSettingsAndGoesDown() throws Exception {
    System.clearProperty("blackhole.host.sample.deactivated");
    Path jar =
        new BundleBuilder(NAME)
            .component(SampleService.class, PID + " deactivate=\"deactivate\"", BINDABLE)
            .build(directory);
    ServiceBundles bundles = bundles(Map.of("cache_size", 64L), jar);
    assertThat(bundles.bundleVersion()).isEmpty();

    bundles.start(new Heard());

    ServerServiceDefinition definition = satisfied().iterator().next();
    assertThat(call(definition, "cache_size")).isEqualTo("64");
    assertThat(call(definition, "cacheSize")).isEqualTo("64");
    assertThat(bundles.bundleVersion()).isEqualTo("1.2.3");
    assertThat(heard)
        .containsExactly(
            "starts bundle sample.service 1.2.3",
            "activates component " + SampleService.class.getName(),
            "satisfied");

    bundles.stop();
    assertThat(System.clearProperty("blackhole.host.sample.deactivated")).isEqualTo("true");
  }

  @Test
  void librariesComeFirst() throws Exception {
    Path library =
        new BundleBuilder("sample.library")
            .header("Export-Package", "blackhole.host.sample")
            .classes(Store.class, SampleService.class)
            .component(SampleStore.class, "", OFFERS_STORE)
            .build(directory);
    Path jar =
        new BundleBuilder(NAME)
            .imports("blackhole.host.sample")
            .component(Needy.class, "", BINDABLE + NEEDS_STORE)
            .build(directory);

    bundles(Map.of(), library, jar).start(new Heard());

    assertThat(satisfied()).hasSize(1);
    assertThat(heard)
        .startsWith("starts bundle sample.library 1.2.3", "starts bundle sample.service 1.2.3");
  }

  /** In the service's bundle, with the rest of its classes in the library's. */
  public static final class Needy extends SampleService {
    public Needy(Store store, Map<String, Object> properties) {
      super(properties);
    }
  }

  @Test
  void everyComponentOfTheServiceIsWaitedFor() throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .classes(Store.class)
            .component(SampleService.class, "", BINDABLE)
            .component(NeedyService.class, "", BINDABLE + NEEDS_STORE)
            .build(directory);
    bundles(Map.of(), jar).start(new Heard());

    await(
        "component "
            + NeedyService.class.getName()
            + " waits for reference store (interface "
            + STORE_TYPE
            + "), which has no provider");
    assertThat(satisfied).isEmpty();
  }

  @Test
  void aServiceThatBecomesSatisfiedLaterIsSatisfied() throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .classes(Store.class, SampleService.class)
            .component(NeedyService.class, "", BINDABLE + NEEDS_STORE)
            .component(
                SampleStore.class,
                "configuration-policy=\"require\" configuration-pid=\"late\"",
                OFFERS_STORE)
            .build(directory);
    bundles(Map.of(), jar).start(new Heard());
    await(
        "component "
            + NeedyService.class.getName()
            + " waits for reference store (interface "
            + STORE_TYPE
            + "): component "
            + SampleStore.class.getName()
            + " waits for a configuration with PID late");

    framework
        .service(ConfigurationAdmin.class)
        .getConfiguration("late", "?")
        .update(ServiceSettings.dictionary(Map.of("a", "b")));

    assertThat(satisfied()).hasSize(1);
  }

  @Test
  void aComponentWhoseClassesAreMissingFailsTheStartAndNamesThem() throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .classes(Store.class)
            .component(SampleStore.class, "", OFFERS_STORE)
            .component(NeedyService.class, "", BINDABLE + NEEDS_STORE)
            .build(directory);
    bundles(Map.of(), jar).start(new Heard());
    String failure = await(text -> text.startsWith("failed"));
    assertThat(failure)
        .startsWith("failed component " + NeedyService.class.getName() + " does not load: ")
        .contains("blackhole.host.sample.SampleService")
        .endsWith("Is its package in the bundle, or imported?");
  }

  @Test
  void aComponentThatThrowsFailsTheStartWithItsMessage() throws Exception {
    Path jar =
        new BundleBuilder(NAME).component(SampleService.class, PID, BINDABLE).build(directory);
    bundles(Map.of("fail", "the key file is empty"), jar).start(new Heard());
    await(
        "failed component "
            + SampleService.class.getName()
            + " could not be activated: java.lang.IllegalStateException: the key file is empty");
  }

  @Test
  void aComponentFurtherDownThatThrowsFailsTheStartWithItsMessage() throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .classes(Store.class, SampleService.class)
            .component(NeedyService.class, "", BINDABLE + NEEDS_STORE)
            .component(SampleStore.class, PID, OFFERS_STORE)
            .build(directory);
    bundles(Map.of("fail", "database is locked"), jar).start(new Heard());
    await(
        "failed component "
            + SampleStore.class.getName()
            + " could not be activated: java.lang.IllegalStateException: database is locked");
  }

  @Test
  void aBundleWithoutAnyGrpcServiceFails() throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .classes(Store.class)
            .component(SampleStore.class, "", OFFERS_STORE)
            .build(directory);
    bundles(Map.of(), jar).start(new Heard());
    await(
        "failed bundle sample.service offers no gRPC service: it has no component with"
            + " @Component(service = BindableService.class)");
  }

  @Test
  void aMissingImportIsNamed() throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .imports("no.such.place;version=\"[1.2,2)\", nor.there")
            .build(directory);
    assertFails(
        "bundle sample.service 1.2.3 does not resolve: no bundle here exports package"
            + " no.such.place in versions [1.2.0,2.0.0); no bundle here exports package nor.there",
        jar);
  }

  @Test
  void anImportThatIsHereInAnotherVersionSaysWhich() throws Exception {
    Path jar = new BundleBuilder(NAME).imports("org.osgi.service.cm;version=9").build(directory);
    assertFails("(there is 1.6.0 from org.apache.felix.framework", jar);
  }

  @Test
  void anImportMissingFurtherDownIsNamed() throws Exception {
    Path library =
        new BundleBuilder("sample.library")
            .header("Export-Package", "blackhole.host.sample")
            .imports("no.such.place")
            .build(directory);
    Path jar = new BundleBuilder(NAME).imports("blackhole.host.sample").build(directory);
    assertFails("no.such.place", library, jar);
  }

  @Test
  void anActivatorThatThrowsIsNamed() throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .header("Bundle-Activator", BrokenActivator.class.getName())
            .classes(BrokenActivator.class)
            .build(directory);
    assertFails("the activator of bundle sample.service 1.2.3 failed", jar);
    assertFails("not on this machine", jar);
  }

  @Test
  void whatIsNoBundleIsNamed() throws Exception {
    Path text = Files.writeString(directory.resolve("text.jar"), "not a jar");
    assertFails("text.jar is not a bundle that can be installed", text);

    Path truncated = directory.resolve("short.jar");
    byte[] whole = Files.readAllBytes(new BundleBuilder(NAME).build(directory));
    Files.write(truncated, Arrays.copyOf(whole, whole.length / 2));
    assertFails("short.jar is not", truncated);

    Path bare = directory.resolve("bare.jar");
    try (var zip = new JarOutputStream(Files.newOutputStream(bare))) {
      zip.putNextEntry(new ZipEntry("a.txt"));
    }
    assertFails("bare.jar is not a bundle that can be installed", bare);

    Path plain = directory.resolve("plain.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    try (var zip = new JarOutputStream(Files.newOutputStream(plain), manifest)) {
      zip.putNextEntry(new ZipEntry("a.txt"));
    }
    assertFails("plain.jar is not an OSGi bundle: its manifest has no Bundle-SymbolicName", plain);

    assertFails("missing.jar does not exist", directory.resolve("missing.jar"));
    assertFails(directory + " is not a file", directory);
    assertFails("the assignment names no bundle");
  }

  @Test
  void anotherBundleThanExpectedIsRefused() throws Exception {
    Path jar = new BundleBuilder("other").build(directory);
    assertFails("other.jar is bundle other, expected sample.service", jar);
  }

  @Test
  void aPathWithSpacesAndUmlautsIsInstalled() throws Exception {
    Path odd = Files.createDirectory(directory.resolve("ein Ordner mit ü #1 100%"));
    Path jar = new BundleBuilder(NAME).component(SampleService.class, PID, BINDABLE).build(odd);
    bundles(Map.of(), jar).start(new Heard());
    assertThat(satisfied()).hasSize(1);
  }

  @Test
  void stopBeforeStartDoesNothing() {
    bundles(Map.of()).stop();
    assertThat(heard).isEmpty();
  }

  private void assertFails(String message, Path... jars) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> bundles(Map.of(), jars).start(new Heard()))
        .withMessageContaining(message);
  }

  private ServiceBundles bundles(Map<String, Object> custom, Path... jars) {
    return new ServiceBundles(
        framework.context(),
        assignment(custom, List.of(jars)),
        framework.service(ConfigurationAdmin.class),
        framework.service(ServiceComponentRuntime.class),
        executor,
        timer);
  }

  private Collection<ServerServiceDefinition> satisfied() throws InterruptedException {
    Collection<ServerServiceDefinition> definitions = satisfied.poll(20, SECONDS);
    assertThat(definitions).as("satisfied, not only %s", heard).isNotNull();
    return definitions;
  }

  private void await(String text) throws InterruptedException {
    await(text::equals);
  }

  private String await(Predicate<String> wanted) throws InterruptedException {
    List<String> before = new ArrayList<>();
    while (true) {
      String next = heard.poll(20, SECONDS);
      assertThat(next).as("something else after %s", before).isNotNull();
      if (wanted.test(next)) {
        return next;
      }
      before.add(next);
    }
  }

  private static String call(ServerServiceDefinition definition, String key) throws IOException {
    String name = UUID.randomUUID().toString();
    Server server =
        InProcessServerBuilder.forName(name).directExecutor().addService(definition).build();
    server.start();
    ManagedChannel channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    try {
      return HealthGrpc.newBlockingStub(channel)
          .check(HealthRequest.newBuilder().setService(key).build())
          .getMessage();
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private Assignment assignment(Map<String, Object> custom, List<Path> jars) {
    return new Assignment(
        "sample-1-abc",
        directory,
        "node-a",
        "sample",
        1,
        directory.resolve("sample-1.1.sock"),
        directory.resolve("sample-1.sock"),
        OptionalInt.empty(),
        jars,
        NAME,
        custom,
        Optional.empty(),
        Optional.empty(),
        directory.resolve("sample-1.log"),
        Optional.empty(),
        Optional.empty(),
        1 << 20,
        OptionalInt.empty(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60));
  }

  private final class Heard implements HostedService.Listener {
    @Override
    public void progress(String step) {
      heard.add(step);
    }

    @Override
    public void satisfied(Collection<ServerServiceDefinition> definitions) {
      heard.add("satisfied");
      satisfied.add(definitions);
    }

    @Override
    public void failed(String reason) {
      heard.add("failed " + reason);
    }
  }
}
