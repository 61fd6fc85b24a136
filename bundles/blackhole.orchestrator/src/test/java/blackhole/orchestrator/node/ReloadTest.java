package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.NodeConfiguration.Setting;
import blackhole.api.supervision.Reloading.Change;
import blackhole.api.supervision.Reloading.How;
import blackhole.api.supervision.Reloading.Report;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.parser.BundleCatalog;
import blackhole.orchestrator.config.parser.BundleInfo;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.update.Updater;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  private static final InstanceId ID = new InstanceId("identity", 1);
  private static final BundleCatalog CATALOG =
      () ->
          List.of(
              new BundleInfo("blackhole.identity", BundleInfo.Data.SHARED),
              new BundleInfo("blackhole.storage", BundleInfo.Data.SHARED));

  @TempDir Path folder;
  private final TestLimiter kernel = new TestLimiter();
  private final List<String> journal = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private final Services services = new Services();
  private NodeHome home;
  private LiveConfiguration live;
  private HostLimits limits;
  private Reload reload;

  /** Services of which one has an instance; each move is noted with what is in force then. */
  private final class Services implements ServiceMoves {
    final List<String> moved = new ArrayList<>();
    final List<InstanceId> instances = new ArrayList<>(List.of(ID));
    Optional<String> problem = Optional.empty();

    @Override
    public void follow() {
      moved.add("follow " + configured());
      limits.reapply();
    }

    private String configured() {
      return String.join("+", live.config().services().keySet());
    }

    @Override
    public List<InstanceId> instances() {
      return List.copyOf(instances);
    }

    @Override
    public CompletionStage<List<String>> start(String service, String who) {
      instances.add(new InstanceId(service, 1));
      return move("start " + service);
    }

    @Override
    public CompletionStage<List<String>> stop(String service, String who) {
      instances.remove(new InstanceId(service, 1));
      return move("stop " + service);
    }

    @Override
    public CompletionStage<List<String>> scale(String service, int count, String who) {
      return move("scale " + service + " " + count);
    }

    private CompletionStage<List<String>> move(String words) {
      moved.add(words);
      return problem.isEmpty()
          ? CompletableFuture.completedFuture(List.of(words + ": done"))
          : CompletableFuture.failedFuture(new SupervisionException(problem.get()));
    }

    @Override
    public String replace(
        String service,
        Updater.Force forward,
        Updater.Force back,
        String who,
        Consumer<String> steps)
        throws IOException {
      forward.put();
      moved.add("replace " + service + " with " + custom());
      if (problem.isPresent()) {
        back.put();
        throw new SupervisionException(problem.get());
      }
      return service + ": has new processes";
    }

    private Object custom() {
      return live.config().services().get("identity").custom();
    }
  }

  @BeforeEach
  void begin() throws Exception {
    home = NodeHome.of(folder);
    write("services:", "  identity: { resource_limits: { max_cpu: 0.5, max_threads: 99 } }");
    start(List.of());
  }

  private void start(List<String> only) throws Exception {
    NodeOptions options = new NodeOptions(home, Optional.empty(), folder, only, false);
    live =
        new LiveConfiguration(
            ConfiguredNode.read(home, Optional.empty(), CATALOG, only),
            home,
            "node-a",
            secrets -> {});
    limits = new HostLimits(kernel, "h0me", live::config);
    limits.create(ID, "host", live.config().services().get("identity").limits(), false);
    limits.ready("host");
    reload =
        new Reload(
            options,
            CATALOG,
            live,
            limits,
            services,
            (what, work) -> {
              try {
                return CompletableFuture.completedFuture(work.call());
              } catch (Exception e) {
                return CompletableFuture.failedFuture(e);
              }
            },
            (words, who) -> journal.add(words + "|" + who));
  }

  private void write(String... lines) throws Exception {
    Files.write(home.configuration(), List.of(lines));
  }

  private Report reload() {
    return reload.reload("shell", progress::add).toCompletableFuture().join();
  }

  private String setting(String key) {
    return live.settings(Optional.of("identity")).stream()
        .filter(setting -> setting.key().endsWith(key))
        .map(Setting::value)
        .findFirst()
        .orElseThrow();
  }

  private static Change limit(String key, String before, String after, String message) {
    return new Change(
        Optional.of("identity"),
        OptionalInt.of(1),
        key,
        Optional.ofNullable(before),
        Optional.ofNullable(after),
        How.LIVE,
        Optional.of(true),
        message);
  }

  private static List<String> words(Report report) {
    return report.changes().stream()
        .map(
            change ->
                change.service().orElse("-")
                    + " "
                    + change.key()
                    + " "
                    + change.how()
                    + " "
                    + change.applied().map(Object::toString).orElse("?")
                    + (change.message().isEmpty() ? "" : " " + change.message()))
        .toList();
  }

  @Test
  void withoutAChangeThereIsNothingToDo() {
    int before = kernel.applied.size();
    Report report = reload();
    assertThat(report.file()).isEqualTo("" + home.configuration());
    assertThat(report.changes()).isEmpty();
    assertThat(report.failures()).isEmpty();
    assertThat(kernel.newest()).isEqualTo(kernel.applied.get(before - 1));
    assertThat(services.moved).containsExactly("follow identity");
    assertThat(journal).singleElement().asString().endsWith("nothing has changed|shell");
  }

  @Test
  void limitsAndPoliciesTakeEffectForWhatRuns() throws Exception {
    write(
        "services:",
        "  identity:",
        "    resource_limits: { max_cpu: 0.25, cpu_period: 20ms, max_memory: 512MB }",
        "supervisor:",
        "  warm_spares: 2",
        "  resource_policies:",
        "    critical_services: { cpu_priority_boost: 20 }");
    Report report = reload();
    assertThat(report.errors()).isEmpty();
    assertThat(report.changes())
        .contains(
            limit(
                "max_memory",
                "256MB",
                "512MB",
                "by test; its heap is still that of 256MB, until 'restart identity-1'"),
            limit("max_cpu", "0.5", "0.25", "by test; in periods of 20ms"),
            limit("cpu_priority_boost", "10", "20", "by test"),
            limit("max_threads", "99", null, "no limit any more"));
    assertThat(words(report))
        .contains(
            "identity resource_limits.cpu_period LIVE true",
            "- supervisor.warm_spares NODE_RESTART false",
            "- supervisor.resource_policies.critical_services.cpu_priority_boost LIVE true");
    assertThat(kernel.newest().cpuCores()).hasValue(0.25);
    assertThat(kernel.newest().cpuWeight()).isEqualTo(300);
    assertThat(kernel.newest().threads()).isEmpty();
    assertThat(setting("max_cpu")).isEqualTo("0.25");
    assertThat(setting("cpu_priority_boost")).as("of its class").isEqualTo("20");
    assertThat(live.config().supervisor().warmSpares()).as("not in force").isEqualTo(1);
    assertThat(journal).singleElement().asString().contains("1 not before a restart of the node");
  }

  @Test
  void servicesStopStartAreScaledAndReplacedInThisOrder() throws Exception {
    write("services:", "  storage: {}", "  identity: {}");
    start(List.of());
    services.instances.add(new InstanceId("storage", 1));
    write(
        "services:",
        "  identity: { instances: 2, custom: { a: b } }",
        "  greeter: {bundle: blackhole.storage}");

    Report report = reload();

    assertThat(services.moved)
        .containsExactly(
            "follow identity+storage",
            "stop storage",
            "follow identity",
            "follow identity+greeter",
            "start greeter",
            "scale identity 2",
            "follow identity+greeter",
            "replace identity with {a=b}");
    assertThat(words(report))
        .containsExactlyInAnyOrder(
            "identity instances LIVE true scale identity 2: done",
            "identity custom.a ROLLING true",
            "greeter  START true start greeter: done",
            "storage  STOP true stop storage: done");
    assertThat(progress).contains("storage: is drained and stopped", "identity: has new processes");
    assertThat(setting("custom.a")).isEqualTo("b");
    assertThat(reload.preview().changes()).isEmpty();
  }

  @Test
  void aServiceThatCannotBeReplacedKeepsWhatItHad() throws Exception {
    write("services:", "  identity: { grpc: { timeout: 3s }, custom: { a: b } }");
    services.problem = Optional.of("identity-1: it did not start");
    Report report = reload();
    assertThat(report.failures()).containsExactly("identity-1: it did not start");
    assertThat(words(report))
        .contains(
            "identity grpc.timeout LIVE true",
            "identity custom.a ROLLING false identity-1: it did not start");
    assertThat(live.config().services().get("identity").custom()).isEmpty();
    assertThat(setting("grpc.timeout")).isEqualTo("3s");
    assertThat(journal).singleElement().asString().contains("but identity-1: it did not start");
    // as long as the file says so, it is tried again
    services.problem = Optional.empty();
    assertThat(words(reload())).containsExactly("identity custom.a ROLLING true");
  }

  @Test
  void aPreviewChangesNothing() throws Exception {
    write("services:", "  identity: { resource_limits: { max_cpu: 0.25 }, custom: { a: b } }");
    Report report = reload.preview();
    assertThat(words(report))
        .containsExactlyInAnyOrder(
            "identity resource_limits.max_cpu LIVE ?",
            "identity resource_limits.max_threads LIVE ?",
            "identity custom.a ROLLING ?");
    assertThat(services.moved).isEmpty();
    assertThat(journal).isEmpty();
    assertThat(kernel.newest().cpuCores()).hasValue(0.5);
    assertThat(live.config().services().get("identity").custom()).isEmpty();
  }

  @Test
  void whatWasNotToRunStaysSo() throws Exception {
    write("services:", "  identity: {}", "  storage: {}");
    start(List.of("identity"));
    write(
        "services:",
        "  identity: {}",
        "  storage: { custom: { a: b } }",
        "  greeter: { bundle: blackhole.storage }");
    assertThat(reload.preview().changes()).isEmpty();
    write("services:", "  storage: {}");
    assertThat(reload().errors()).singleElement().asString().contains("no service identity");
  }

  @Test
  void aFileWithAnErrorChangesNothing() throws Exception {
    write("services:", "  identity: { resource_limits: { max_cpu: 0.25, max_memory: 1MB } }");
    Report report = reload();
    assertThat(report.changes()).isEmpty();
    assertThat(report.errors()).hasSize(1);
    assertThat(report.errors().get(0)).contains(":2:", "max_memory");
    assertThat(reload.preview().errors()).isEqualTo(report.errors());
    assertThat(kernel.newest().cpuCores()).hasValue(0.5);
    assertThat(setting("max_cpu")).isEqualTo("0.5");
    assertThat(services.moved).isEmpty();
    assertThat(journal).isEmpty();
  }

  @Test
  void withoutAFileThatIsSaid() throws Exception {
    Files.delete(home.configuration());
    assertThatThrownBy(() -> reload.preview())
        .isInstanceOf(SupervisionException.class)
        .hasMessageContaining("there is no file to reload");
  }
}
