package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.AssignmentFile;
import blackhole.api.host.NodeHome;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.supervision.InstanceId;
import blackhole.control.v1.Ready;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.Configs;
import blackhole.orchestrator.config.parser.Secrets;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.DistributionIndex;
import blackhole.orchestrator.node.EarlierHosts.Found;
import blackhole.orchestrator.node.EarlierHosts.Leaving;
import blackhole.orchestrator.node.HostRecord.Duty;
import blackhole.orchestrator.node.HostRecord.Made;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.plan.ServiceBundles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who of an earlier orchestrator's hosts goes on, and why others do not. */
class EarlierHostsTest {
  private static final InstanceId IDENTITY = new InstanceId("identity", 1);
  private static final String BEFORE =
      "services: { identity: { jvm_args: [-Da=b], custom: { size: 3 } }, storage: {} }";

  @TempDir Path directory;
  private final FakeProcesses processes = new FakeProcesses();
  private final Set<InstanceId> stopping = new HashSet<>();
  private NodeHome home;
  private HostFiles files;
  private HostRecords records;

  @BeforeEach
  void make() throws Exception {
    home = NodeHome.of(directory.resolve("home"));
    home.create();
    files = new HostFiles(home);
    records = new HostRecords(home.state().resolve("hosts"));
  }

  private HostPlan plan(NodeConfig config, String version) {
    Properties index = new Properties();
    index.setProperty("digest", "d");
    index.setProperty("services", "blackhole.identity,blackhole.storage");
    index.setProperty("service.blackhole.identity", "identity-" + version + ".jar");
    index.setProperty("service.blackhole.storage", "storage-" + version + ".jar");
    index.setProperty("data.blackhole.identity", "shared");
    index.setProperty("data.blackhole.storage", "shared");
    Distribution distribution =
        new Distribution(directory.resolve("lib"), new DistributionIndex(index));
    return new HostPlan(
        home,
        "node-a",
        () -> config,
        new ServiceBundles(home, distribution),
        Optional.empty(),
        () -> Secrets.NONE);
  }

  /** As {@link HostDriver} leaves one. */
  private HostRecord host(long pid, long generation) throws Exception {
    NodeConfig config = Configs.valid(BEFORE);
    ServiceConfig service = config.services().get("identity");
    String hostId = IDENTITY + "-abc-" + generation;
    var assignment = plan(config, "1").assignment(IDENTITY, service, hostId, generation, true);
    AssignmentFile.write(files.assignment(hostId), assignment);
    HostRecord record =
        new HostRecord(
            hostId,
            new ProcessIdentity(pid, 1),
            "token-" + pid,
            assignment.socket(),
            assignment.link(),
            new Made(256 << 20, service.jvmArgs()),
            Optional.of(new Duty(generation, "call")));
    records.write(record);
    processes.run(record.process(), record.token(), true);
    return record;
  }

  private Found find(String yaml) throws Exception {
    NodeConfig config = Configs.valid(yaml);
    return new EarlierHosts(records, files, processes, config, plan(config, "2"))
        .find(stopping::contains);
  }

  private Leaving leaves(String yaml) throws Exception {
    Found found = find(yaml);
    assertThat(found.staying()).isEmpty();
    assertThat(found.leaving()).hasSize(1);
    return found.leaving().get(0);
  }

  @Test
  void oneThatDoesWhatIsWantedStaysAlsoFromAnOlderLauncher() throws Exception {
    HostRecord record = host(10, 4);
    Ready ready = Ready.newBuilder().setBundleVersion("1.0.0").setPort(7).build();
    files.noteReady(record.hostId(), ready);

    Found found = find(BEFORE + "\nsupervisor: { stale_process_timeout: 7s }");

    assertThat(found.leaving()).isEmpty();
    assertThat(found.hostIds()).containsExactly(record.hostId());
    EarlierHost host = found.staying().get(0);
    assertThat(host.id()).isEqualTo(IDENTITY);
    assertThat(host.record()).isEqualTo(record);
    assertThat(host.duty()).isEqualTo(new Duty(4, "call"));
    assertThat(host.ready()).contains(ready);
    assertThat(host.assignment().bundles().get(0)).hasFileName("identity-1.jar");
  }

  @Test
  void oneThatWasNotReadyStaysToo() throws Exception {
    host(10, 1);
    assertThat(find(BEFORE).staying().get(0).ready()).isEmpty();
  }

  @Test
  void whatIsConfiguredInAnotherWayIsReplaced() throws Exception {
    host(10, 1);
    assertThat(leaves(BEFORE.replace("size: 3", "size: 4")).why())
        .isEqualTo("its custom settings have changed");
    assertThat(leaves(BEFORE.replace("-Da=b", "-Da=c")).why())
        .isEqualTo("its jvm_args have changed");
    assertThat(leaves(BEFORE.replace("custom:", "port: 50001, custom:")).why())
        .isEqualTo("its port has changed");
    Leaving last = leaves(BEFORE.replace("jvm_args", "enabled: false, jvm_args"));
    assertThat(last.why()).isEqualTo("service identity is not to run");
    assertThat(last.lives()).isTrue();
    assertThat(last.id()).contains(IDENTITY);
  }

  @Test
  void noneStaysWhereTheyStopWithTheirOrchestrator() throws Exception {
    host(10, 1);
    assertThat(leaves(BEFORE + "\nsupervisor: { on_orchestrator_loss: stop }").why())
        .isEqualTo("on_orchestrator_loss is stop");
  }

  @Test
  void oneThatWasToStopDoes() throws Exception {
    host(10, 1);
    stopping.add(IDENTITY);
    assertThat(leaves(BEFORE).why()).isEqualTo("it was to stop");
  }

  @Test
  void aSpareIsOfNoUse() throws Exception {
    HostRecord record =
        new HostRecord(
            "spare-abc-1",
            new ProcessIdentity(10, 1),
            "token",
            home.socket("spare-abc-1.sock"),
            home.socket("spare-abc-1.sock"),
            new Made(256 << 20, List.of()),
            Optional.empty());
    records.write(record);
    processes.run(record.process(), "token", true);
    Leaving spare = leaves(BEFORE);
    assertThat(spare.why()).isEqualTo("it is a spare");
    assertThat(spare.id()).isEmpty();
  }

  @Test
  void theNewestOfAnInstanceStays() throws Exception {
    host(10, 1);
    HostRecord newest = host(11, 2);
    Found found = find(BEFORE);
    assertThat(found.staying()).extracting(EarlierHost::record).containsExactly(newest);
    assertThat(found.leaving())
        .extracting(Leaving::why)
        .containsExactly("a newer one has taken its place");
  }

  @Test
  void aStrangerThatHasTheNumberNowIsNobody() throws Exception {
    HostRecord record = host(10, 1);
    processes.run(new ProcessIdentity(10, 2), record.token(), true);
    assertThat(leaves(BEFORE).lives()).isFalse();
    processes.run(record.process(), "another", true);
    assertThat(leaves(BEFORE).lives()).isFalse();
    processes.running.clear();
    assertThat(leaves(BEFORE).lives()).isFalse();
  }

  @Test
  void withoutItsAssignmentNobodyKnowsWhatItIs() throws Exception {
    HostRecord record = host(10, 1);
    Files.writeString(files.assignment(record.hostId()), "torn");
    Leaving leaving = leaves(BEFORE);
    assertThat(leaving.why()).isEqualTo("what it was told to be cannot be read");
    assertThat(leaving.lives()).isTrue();
  }
}
