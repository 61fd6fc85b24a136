package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.api.process.AdoptedProcess;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import blackhole.orchestrator.config.parser.Configs;
import blackhole.orchestrator.config.parser.Secrets;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.DistributionIndex;
import blackhole.orchestrator.node.EarlierHosts.Leaving;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.plan.ServiceBundles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training leaves, when it ends and when its orchestrator does. */
class ArchiveTrainerTest {
  private static final ProcessIdentity PROCESS = new ProcessIdentity(10, 1);
  private static final String MADE_AT = "-XX:ArchiveClassesAtExit=|-XX:AOTCacheOutput=";

  @TempDir Path directory;
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final FakeProcesses processes = new FakeProcesses();
  private final Started started = new Started();
  private NodeHome home;
  private HostFiles files;
  private HostRecords records;
  private Distribution distribution;
  private ClassDataArchive archive;

  @BeforeEach
  void make() throws Exception {
    home = NodeHome.of(directory.resolve("home"));
    home.create();
    files = new HostFiles(home);
    records = new HostRecords(home.state().resolve("hosts"));
    Properties index = new Properties();
    index.setProperty("digest", "d");
    index.setProperty("services", "blackhole.identity");
    index.setProperty("service.blackhole.identity", "identity.jar");
    distribution = new Distribution(directory.resolve("lib"), new DistributionIndex(index));
    archive = ClassDataArchive.of(home.cache(), distribution);
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  private ArchiveTrainer trainer(String runId) {
    return new ArchiveTrainer(home, distribution, archive, started, timers, files, records, runId);
  }

  @Test
  void itPutsTheArchiveInPlaceAndNothingElseIsLeft() throws Exception {
    var over = trainer("abc").train(List.of()).toCompletableFuture();
    Files.writeString(started.madeAt(), "classes");
    Files.writeString(home.socket("training-abc.sock"), "");
    assertThat(records.all()).hasSize(1);

    started.exit.complete(0);

    assertThat(over).isCompleted();
    assertThat(archive.file()).hasContent("classes");
    assertThat(records.all()).isEmpty();
    assertThat(home.socket("training-abc.sock")).doesNotExist();
    assertThat(home.cache().resolve("training-abc")).doesNotExist();
    assertThat(files.assignment("training-abc")).doesNotExist();
  }

  @Test
  void oneThatFailsLeavesNoArchive() throws Exception {
    var over = trainer("abc").train(List.of()).toCompletableFuture();
    Files.writeString(started.madeAt(), "half of the cla");

    started.exit.complete(1);

    assertThat(over).isCompleted();
    assertThat(archive.exists()).isFalse();
    assertThat(records.all()).isEmpty();
    assertThat(home.cache().resolve("training-abc")).doesNotExist();
  }

  /** As a spare is: it is of no use to anybody but its orchestrator. */
  @Test
  void theNextOrchestratorEndsItAndHasOneOfItsOwn() throws Exception {
    trainer("abc").train(List.of());
    Path first = started.madeAt();
    var config = Configs.valid("services: { identity: {} }");
    HostPlan plan =
        new HostPlan(
            home,
            "node-a",
            () -> config,
            new ServiceBundles(home, distribution),
            Optional.empty(),
            () -> Secrets.NONE);

    List<Leaving> leaving =
        new EarlierHosts(records, files, processes, config, plan).find(id -> false).leaving();

    assertThat(leaving).hasSize(1);
    assertThat(leaving.get(0).lives()).isTrue();
    assertThat(leaving.get(0).why()).isEqualTo("it makes a class-data archive for who is gone");
    assertThat(leaving.get(0).record().socket()).isEqualTo(home.socket("training-abc.sock"));
    trainer("def").train(List.of());
    assertThat(started.madeAt()).isNotEqualTo(first);
    assertThat(records.all()).hasSize(2);
  }

  /** Remembers what was started; it ends when the test says so. */
  private final class Started implements ProcessLauncher {
    final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private List<String> command = List.of();

    /** Where the JVM was told to write the archive. */
    Path madeAt() {
      return command.stream()
          .filter(flag -> flag.matches("(" + MADE_AT + ").*"))
          .map(flag -> Path.of(flag.substring(flag.indexOf('=') + 1)))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public RunningProcess launch(ProcessSpec spec) {
      command = spec.command();
      processes.run(PROCESS, spec.environment().get(HostEnvironment.TOKEN), true);
      return new RunningProcess() {
        @Override
        public ProcessIdentity identity() {
          return PROCESS;
        }

        @Override
        public CompletableFuture<Integer> onExit() {
          return exit;
        }

        @Override
        public void terminate() {
          exit.complete(143);
        }

        @Override
        public void kill() {
          exit.complete(137);
        }
      };
    }

    @Override
    public AdoptedProcess adopt(ProcessIdentity process, ProcessGroup group) {
      return processes.adopt(process, group);
    }

    @Override
    public Optional<ProcessIdentity> find(long pid) {
      return processes.find(pid);
    }

    @Override
    public Optional<String> environment(ProcessIdentity process, String variable) {
      return processes.environment(process, variable);
    }

    @Override
    public void kill(ProcessIdentity process) {
      processes.kill(process);
    }

    @Override
    public void terminate(ProcessIdentity process) {
      processes.terminate(process);
    }
  }
}
