package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.api.host.Assignment;
import blackhole.api.observe.Step;
import blackhole.api.rpc.HandlerSwitch;
import blackhole.health.v1.HealthGrpc;
import blackhole.host.sample.SampleService;
import blackhole.host.sample.SampleStore;
import blackhole.host.sample.Store;
import io.grpc.ServerServiceDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** What is done while callers wait, and what before, in a real framework with a real SCR. */
class BundleSwapTest {
  private static final String NAME = "sample.service";
  private static final String BINDABLE =
      "<service><provide interface=\"io.grpc.BindableService\"/></service>";
  private static final String STORE =
      "<service><provide interface=\"" + Store.class.getName() + "\"/></service>";
  private static final String PID = "configuration-pid=\"" + NAME + "\"";
  private static final BundleSwap.Terms TERMS =
      new BundleSwap.Terms(false, Duration.ofSeconds(60), Duration.ofSeconds(10));

  @TempDir Path directory;
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();
  private final Set<Long> trials = ConcurrentHashMap.newKeySet();
  private final Steps handlers = new Steps();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private TestFramework framework;
  private ServiceBundles bundles;
  private MethodTable before;

  @BeforeEach
  void startFramework() throws Exception {
    framework = new TestFramework(directory.resolve("framework"));
    framework
        .context()
        .registerService(
            WeavingHook.class,
            woven ->
                loaded.add(
                    woven.getBundleWiring().getBundle().getVersion() + " " + woven.getClassName()),
            null);
  }

  @AfterEach
  void stopFramework() throws Exception {
    framework.close();
    executor.shutdownNow();
    timer.shutdownNow();
  }

  private void serve(String data) throws Exception {
    CompletableFuture<Collection<ServerServiceDefinition>> definitions = new CompletableFuture<>();
    bundles =
        new ServiceBundles(
            framework.context(),
            assignment(bundle("1.0.0", data).build(folder("one"))),
            framework.service(ConfigurationAdmin.class),
            framework.service(ServiceComponentRuntime.class),
            executor,
            timer);
    bundles.start(new Satisfied(definitions));
    before = MethodTable.of(definitions.get(60, TimeUnit.SECONDS));
  }

  private Path folder(String name) throws Exception {
    return Files.createDirectories(directory.resolve(name));
  }

  private static BundleBuilder bundle(String version, String data) throws Exception {
    return new BundleBuilder(NAME)
        .header("Bundle-Version", version)
        .header("Blackhole-Data", data)
        .component(SampleService.class, PID + " deactivate=\"deactivate\"", BINDABLE);
  }

  private BundleSwap.Swapped swap(Path jar) throws Exception {
    return new BundleSwap(bundles, handlers).run(jar, TERMS, before, steps::add, Step.NONE);
  }

  @Test
  void withOneWriterStreamsEndFirstAndCallsWaitForNothingButTheStopAndTheStart() throws Exception {
    serve("single");
    Bundle old = bundles.own();

    BundleSwap.Swapped swapped = swap(bundle("2.0.0", "single").build(folder("two")));

    assertThat(steps)
        .startsWith(
            "keepBack trial, old is up",
            "forget trial",
            "endStreams 100 ms, old is up, new has its classes",
            "holds calls; 1.0.0 finishes those that it has, and stops; 2.0.0 starts",
            "hold",
            "drain 5000 5000, old is up",
            "keepBack, old is down")
        .containsSubsequence("keepBack, old is down", "serve", "forget")
        .doesNotHaveDuplicates();
    assertThat(swapped.held()).isPositive();
    assertThat(swapped.ended()).isEqualTo(3);
    assertThat(bundles.bundleVersion()).isEqualTo("2.0.0");
    assertThat(old.getState()).isEqualTo(Bundle.UNINSTALLED);
  }

  @Test
  void whereBothMayBeThereNobodyWaits() throws Exception {
    serve("shared");

    BundleSwap.Swapped swapped = swap(bundle("2.0.0", "shared").build(folder("two")));

    assertThat(steps)
        .containsExactly(
            "starts 2.0.0 beside 1.0.0",
            "keepBack, old is up",
            "serve",
            "2.0.0 serves; 1.0.0 finishes the calls that it has",
            "drain 2000 10000, old is up",
            "forget");
    assertThat(swapped.held()).isZero();
  }

  /** Its classes are missing, which shows when it starts: too late for the one that has stopped. */
  @Test
  void oneThatDoesNotStartGivesTheCallsBack() throws Exception {
    serve("single");
    Path broken =
        new BundleBuilder(NAME)
            .header("Bundle-Version", "2.0.0")
            .header("Blackhole-Data", "single")
            .classes(Store.class)
            .component(SampleStore.class, "", STORE)
            .build(folder("two"));

    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> swap(broken))
        .withMessageContaining("offers no gRPC service");

    assertThat(steps)
        .containsSubsequence("goes back to 1.0.0", "keepBack, old is up", "restore")
        .doesNotContain("serve");
    assertThat(bundles.bundleVersion()).isEqualTo("1.0.0");
    assertThat(bundles.own().getState()).isEqualTo(Bundle.ACTIVE);
  }

  private Assignment assignment(Path jar) {
    return new Assignment(
        "sample-1-abc",
        directory,
        "node-a",
        "sample",
        1,
        directory.resolve("sample-1.1.sock"),
        directory.resolve("sample-1.sock"),
        OptionalInt.empty(),
        List.of(jar),
        NAME,
        Map.of(),
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

  private record Satisfied(CompletableFuture<Collection<ServerServiceDefinition>> definitions)
      implements HostedService.Listener {
    @Override
    public void progress(String step) {}

    @Override
    public void satisfied(Collection<ServerServiceDefinition> found) {
      definitions.complete(found);
    }

    @Override
    public void failed(String reason) {
      definitions.completeExceptionally(new AssertionError(reason));
    }
  }

  /** Notes what is asked for, and how the bundles are then. */
  private final class Steps implements HandlerSwitch {
    private String old() {
      Bundle old = bundles.own();
      return ", old is " + (old.getState() == Bundle.ACTIVE ? "up" : "down");
    }

    /** Whether it is the one that is started and stopped to have done so once. */
    private String trial(long bundle) {
      Bundle found = framework.context().getBundle(bundle);
      if (found != null && TrialBundle.SYMBOLIC_NAME.equals(found.getSymbolicName())) {
        trials.add(bundle);
      }
      return trials.contains(bundle) ? " trial" : "";
    }

    /** Whether the version that has not been started has loaded what the other one uses. */
    private String fresh() {
      return ", new has "
          + (loaded.contains("2.0.0 " + SampleService.class.getName()) ? "its" : "none of its")
          + " classes";
    }

    @Override
    public void keepBack(long bundle) {
      steps.add("keepBack" + trial(bundle) + old());
    }

    @Override
    public Set<String> keptBack(long bundle) {
      return Set.of(HealthGrpc.SERVICE_NAME);
    }

    @Override
    public int endStreams(long bundle, Duration time) {
      steps.add("endStreams " + time.toMillis() + " ms" + old() + fresh());
      return 2;
    }

    @Override
    public void hold(long bundle) {
      steps.add("hold");
    }

    @Override
    public void serve(long from, long to) {
      steps.add("serve");
    }

    @Override
    public void restore(long bundle) {
      steps.add("restore");
    }

    @Override
    public int drain(long bundle, Duration streams, Duration timeout) {
      steps.add("drain " + streams.toMillis() + " " + timeout.toMillis() + old());
      return 1;
    }

    @Override
    public void forget(long bundle) {
      steps.add("forget" + trial(bundle));
      assertThat(framework.context().getBundle(bundle)).isNull();
    }
  }
}
