package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.NodeConfiguration.Setting;
import blackhole.api.supervision.Reloading.Change;
import blackhole.api.supervision.Reloading.Report;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.parser.BundleCatalog;
import blackhole.orchestrator.config.parser.BundleInfo;
import blackhole.orchestrator.plan.ConfiguredNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  private static final InstanceId ID = new InstanceId("identity", 1);
  private static final BundleCatalog CATALOG =
      () -> List.of(new BundleInfo("blackhole.identity", BundleInfo.Data.SHARED));

  @TempDir Path folder;
  private final TestLimiter kernel = new TestLimiter();
  private final List<String> journal = new ArrayList<>();
  private NodeHome home;
  private LiveConfiguration live;
  private HostLimits limits;
  private Reload reload;

  @BeforeEach
  void begin() throws Exception {
    home = NodeHome.of(folder);
    write("services:", "  identity: { resource_limits: { max_cpu: 0.5, max_threads: 99 } }");
    NodeOptions options = new NodeOptions(home, Optional.empty(), folder, List.of(), false);
    live =
        new LiveConfiguration(
            ConfiguredNode.read(home, Optional.empty(), CATALOG, List.of()), home, "node-a");
    limits = new HostLimits(kernel, "h0me", live::config);
    limits.create(ID, "host", live.config().services().get("identity").limits());
    limits.ready("host");
    reload =
        new Reload(
            options,
            CATALOG,
            live,
            limits,
            () -> List.of(ID),
            (words, who) -> journal.add(words + "|" + who));
  }

  private void write(String... lines) throws Exception {
    Files.write(home.configuration(), List.of(lines));
  }

  private String setting(String key) {
    return live.settings(Optional.of("identity")).stream()
        .filter(setting -> setting.key().endsWith(key))
        .map(Setting::value)
        .findFirst()
        .orElseThrow();
  }

  private static Change change(
      InstanceId id, String key, String before, String after, String how, String reason) {
    return new Change(
        Optional.ofNullable(id),
        key,
        Optional.ofNullable(before),
        Optional.ofNullable(after),
        Optional.ofNullable(how),
        Optional.ofNullable(reason));
  }

  @Test
  void withoutAChangeThereIsNothingToDo() {
    int before = kernel.applied.size();
    Report report = reload.reload("shell");
    assertThat(report.file()).isEqualTo("" + home.configuration());
    assertThat(report.changes()).isEmpty();
    assertThat(kernel.newest()).isEqualTo(kernel.applied.get(before - 1));
  }

  @Test
  void limitsAndPoliciesTakeEffectAndTheRestWaits() throws Exception {
    write(
        "services:",
        "  identity:",
        "    port: 50001",
        "    resource_limits: { max_cpu: 0.25, max_memory: 512MB }",
        "supervisor:",
        "  resource_policies:",
        "    critical_services: { cpu_priority_boost: 20 }");
    Report report = reload.reload("shell");
    assertThat(report.errors()).isEmpty();
    assertThat(report.changes())
        .contains(
            change(
                ID,
                "max_memory",
                "256MB",
                "512MB",
                "by test; its heap is still that of 256MB, until 'restart identity-1'",
                null),
            change(ID, "max_cpu", "0.5", "0.25", "by test", null),
            change(ID, "cpu_priority_boost", "10", "20", "by test", null),
            change(ID, "max_threads", "99", null, "no limit any more", null),
            change(
                null, "services.identity.port", null, "50001", null, "needs a restart of the node"),
            change(
                null,
                "supervisor.resource_policies.critical_services.cpu_priority_boost",
                "10",
                "20",
                "in force",
                null));
    assertThat(kernel.newest().cpuCores()).hasValue(0.25);
    assertThat(kernel.newest().cpuWeight()).isEqualTo(300);
    assertThat(kernel.newest().threads()).isEmpty();
    assertThat(setting("max_cpu")).isEqualTo("0.25");
    assertThat(setting("port")).as("not in force").isEqualTo("null");
    assertThat(live.config().services().get("identity").port()).isEmpty();
    assertThat(journal).hasSize(1);
    assertThat(journal.get(0))
        .contains("was reloaded: ", "1 of them not in force")
        .endsWith("|shell");
  }

  @Test
  void aFileWithAnErrorChangesNothing() throws Exception {
    write("services:", "  identity: { resource_limits: { max_cpu: 0.25, max_memory: 1MB } }");
    Report report = reload.reload("shell");
    assertThat(report.changes()).isEmpty();
    assertThat(report.errors()).hasSize(1);
    assertThat(report.errors().get(0)).contains(":2:", "max_memory");
    assertThat(kernel.newest().cpuCores()).hasValue(0.5);
    assertThat(setting("max_cpu")).isEqualTo("0.5");
    assertThat(journal).isEmpty();
  }

  @Test
  void withoutAFileThatIsSaid() throws Exception {
    Files.delete(home.configuration());
    assertThatThrownBy(() -> reload.reload("shell"))
        .isInstanceOf(SupervisionException.class)
        .hasMessageContaining("there is no file to reload");
  }
}
