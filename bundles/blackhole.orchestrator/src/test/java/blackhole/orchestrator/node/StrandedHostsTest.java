package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrandedHostsTest {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  @TempDir Path directory;
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Processes processes = new Processes();
  private final List<String> groups = new CopyOnWriteArrayList<>();
  private HostRecords records;
  private NodeHome home;

  @BeforeEach
  void make() throws Exception {
    home = NodeHome.of(directory.resolve("home"));
    home.create();
    records = new HostRecords(home.state().resolve("hosts"));
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  private HostRecord record(long pid, long startTicks, String token) throws Exception {
    Path socket = home.serviceSocket("identity", 1, pid);
    Path link = home.serviceLink("identity", 1);
    HostRecord record =
        new HostRecord(
            "identity-1-x-" + pid, new ProcessIdentity(pid, startTicks), token, socket, link);
    records.write(record);
    Files.createFile(socket);
    Files.createSymbolicLink(link, socket.getFileName());
    return record;
  }

  private int end() throws Exception {
    return new StrandedHosts(records, processes, new HostFiles(home), timers, groups::add)
        .end(PATIENCE)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void endsAHostThatObeysAndCleansUpAfterIt() throws Exception {
    HostRecord record = record(10, 1, "token");
    processes.run(record.process(), "token", true);
    assertThat(end()).isEqualTo(1);
    assertThat(processes.terminated).containsExactly(record.process());
    assertThat(processes.killed).isEmpty();
    assertThat(record.socket()).doesNotExist();
    assertThat(groups).containsExactly(record.hostId());
    assertThat(Files.isSymbolicLink(record.link())).isFalse();
    assertThat(records.all()).isEmpty();
  }

  @Test
  void killsAHostThatDoesNot() throws Exception {
    HostRecord record = record(10, 1, "token");
    processes.run(record.process(), "token", false);
    assertThat(end()).isEqualTo(1);
    assertThat(processes.killed).contains(record.process());
  }

  @Test
  void letsAStrangerLiveThatHasTheNumberNow() throws Exception {
    HostRecord record = record(10, 1, "token");
    processes.run(new ProcessIdentity(10, 2), "token", true);
    assertThat(end()).isZero();
    assertThat(processes.terminated).isEmpty();
    assertThat(records.all()).isEmpty();
    assertThat(record.socket()).doesNotExist();
  }

  @Test
  void letsAStrangerLiveThatHasAnotherToken() throws Exception {
    HostRecord record = record(10, 1, "token");
    processes.run(record.process(), "another", true);
    assertThat(end()).isZero();
    assertThat(processes.terminated).isEmpty();
  }

  @Test
  void hasNothingToDoOnAFreshHome() throws Exception {
    assertThat(end()).isZero();
  }

  /** Processes that exist in name only. */
  private static final class Processes implements ProcessLauncher {
    private record Known(ProcessIdentity identity, String token, boolean obeys) {}

    private final Map<Long, Known> running = new ConcurrentHashMap<>();
    private final List<ProcessIdentity> terminated = new ArrayList<>();
    private final List<ProcessIdentity> killed = new ArrayList<>();

    void run(ProcessIdentity identity, String token, boolean obeys) {
      running.put(identity.pid(), new Known(identity, token, obeys));
    }

    @Override
    public RunningProcess launch(ProcessSpec spec) {
      throw new AssertionError("nothing is to be started");
    }

    @Override
    public Optional<ProcessIdentity> find(long pid) {
      return Optional.ofNullable(running.get(pid)).map(Known::identity);
    }

    @Override
    public Optional<String> environment(ProcessIdentity process, String variable) {
      return Optional.ofNullable(running.get(process.pid())).map(Known::token);
    }

    @Override
    public void kill(ProcessIdentity process) {
      killed.add(process);
      running.remove(process.pid());
    }

    @Override
    public void terminate(ProcessIdentity process) {
      terminated.add(process);
      if (running.get(process.pid()).obeys()) {
        running.remove(process.pid());
      }
    }
  }
}
