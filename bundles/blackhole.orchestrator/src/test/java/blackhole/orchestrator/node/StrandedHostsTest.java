package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.node.EarlierHosts.Leaving;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private static final InstanceId IDENTITY = new InstanceId("identity", 1);

  @TempDir Path directory;
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final FakeProcesses processes = new FakeProcesses();
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

  private Leaving leaving(long pid, boolean lives) throws Exception {
    Path socket = home.serviceSocket("identity", 1, pid);
    Path link = home.serviceLink("identity", 1);
    HostRecord record =
        new HostRecord(
            "identity-1-x-" + pid,
            new ProcessIdentity(pid, 1),
            "token",
            socket,
            link,
            new HostRecord.Made(1, List.of()),
            Optional.empty());
    records.write(record);
    Files.createFile(socket);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, socket.getFileName());
    return new Leaving(record, Optional.of(IDENTITY), lives, "why");
  }

  private StrandedHosts stranded() {
    return new StrandedHosts(records, processes, new HostFiles(home), timers, timers, groups::add);
  }

  private int end(Leaving... some) throws Exception {
    return stranded().end(List.of(some), PATIENCE).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void endsAHostThatObeysAndCleansUpAfterIt() throws Exception {
    Leaving one = leaving(10, true);
    processes.run(one.record().process(), "token", true);
    assertThat(end(one)).isEqualTo(1);
    assertThat(processes.terminated).containsExactly(one.record().process());
    assertThat(processes.killed).isEmpty();
    assertThat(one.record().socket()).doesNotExist();
    assertThat(groups).containsExactly(one.record().hostId());
    assertThat(Files.isSymbolicLink(one.record().link())).isFalse();
    assertThat(records.all()).isEmpty();
  }

  @Test
  void killsAHostThatDoesNot() throws Exception {
    Leaving one = leaving(10, true);
    processes.run(one.record().process(), "token", false);
    assertThat(end(one)).isEqualTo(1);
    assertThat(processes.killed).contains(one.record().process());
  }

  @Test
  void onlyCleansUpAfterOneThatHasEnded() throws Exception {
    Leaving one = leaving(10, false);
    // a stranger that has its number now
    processes.run(new ProcessIdentity(10, 2), "token", true);
    assertThat(end(one)).isZero();
    assertThat(processes.terminated).isEmpty();
    assertThat(processes.killed).isEmpty();
    assertThat(records.all()).isEmpty();
    assertThat(one.record().socket()).doesNotExist();
  }

  @Test
  void leavesTheSocketOfOneThatStays() throws Exception {
    Leaving one = leaving(10, false);
    StrandedHosts stranded = stranded();
    stranded.expect(List.of(one), Set.of(one.record().socket()));
    stranded.end(List.of(one), PATIENCE).toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertThat(one.record().socket()).exists();
    assertThat(Files.isSymbolicLink(one.record().link())).isTrue();
    assertThat(records.all()).isEmpty();
  }

  @Test
  void anInstanceIsFreeWhenTheLastOfItsProcessesIsGone() throws Exception {
    Leaving obeys = leaving(10, true);
    Leaving hangs = leaving(11, true);
    processes.run(obeys.record().process(), "token", true);
    processes.run(hangs.record().process(), "token", false);
    StrandedHosts stranded = stranded();
    assertThat(stranded.gone(IDENTITY).toCompletableFuture()).isDone();

    stranded.expect(List.of(obeys, hangs), Set.of());
    var gone = stranded.gone(IDENTITY).toCompletableFuture();
    assertThat(gone).isNotDone();
    assertThat(stranded.gone(new InstanceId("storage", 1)).toCompletableFuture()).isDone();

    var all = stranded.end(List.of(obeys, hangs), PATIENCE).toCompletableFuture();
    gone.get(30, TimeUnit.SECONDS);
    assertThat(processes.running).isEmpty();
    assertThat(records.all()).isEmpty();
    assertThat(all.get(30, TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void hasNothingToDoOnAFreshHome() throws Exception {
    assertThat(end()).isZero();
  }
}
