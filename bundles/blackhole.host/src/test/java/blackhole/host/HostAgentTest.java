package blackhole.host;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.EndpointAddress;
import blackhole.control.v1.Idempotency;
import blackhole.control.v1.Method;
import blackhole.control.v1.Ready;
import blackhole.health.v1.HealthGrpc;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostAgentTest {
  private static final String NAME = "blackhole.health.v1.Health";

  @TempDir Path directory;
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final CompletableFuture<Ready> ready = new CompletableFuture<>();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final FakeService service = new FakeService();
  private Path link;
  private Path socket;
  private HostAgent agent;

  @BeforeEach
  void create() {
    link = directory.resolve("identity-1.sock");
    socket = directory.resolve("identity-1.7.sock");
    agent = new HostAgent(assignment(), endpoint, service, new ExitRecorder(), executor, timer);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void readyComesWhenSocketAndServiceAreThere() throws Exception {
    start();
    service.satisfy();

    Ready said = ready.get(20, SECONDS);
    assertThat(said.getSocket()).isEqualTo(socket.toString());
    assertThat(said.getPort()).isEqualTo(50001);
    assertThat(said.getServicesList()).containsExactly(NAME);
    assertThat(said.getMethodsList())
        .containsExactly(
            Method.newBuilder()
                .setName(NAME + "/Check")
                .setIdempotency(Idempotency.NO_SIDE_EFFECTS)
                .build());
    assertThat(said.getBundleVersion()).isEqualTo("1.2.3");
    assertThat(endpoint.address.service()).isEqualTo("identity");
    assertThat(events).containsSubsequence("setServing true", "ready");
    assertThat(Files.readSymbolicLink(link)).isEqualTo(socket.getFileName());
  }

  @Test
  void theServiceAloneIsNotReady() throws Exception {
    endpoint.mayOpen = new CountDownLatch(1);
    start();
    service.satisfy();
    assertThat(ready).isNotDone();
    assertThat(link).doesNotExist();

    endpoint.mayOpen.countDown();
    ready.get(20, SECONDS);
  }

  @Test
  void anEndpointThatDoesNotServeTheServiceYetIsWaitedFor() throws Exception {
    endpoint.services = Set.of();
    start();
    service.satisfy();
    await("progress waits for the endpoint to serve " + NAME);
    assertThat(ready).isNotDone();

    endpoint.services = Set.of(NAME);
    ready.get(20, SECONDS);
  }

  @Test
  void aServiceThatCannotStartEndsTheHostWithItsReason() throws Exception {
    start();
    service.listener.get(20, SECONDS).failed("no provider");

    assertThat(exit.get(20, SECONDS)).isEqualTo(1);
    assertThat(events)
        .containsSubsequence("startFailed no provider", "drain PT0S", "service stop", "finish");
    assertThat(socket).doesNotExist();
  }

  @Test
  void aBundleThatDoesNotStartEndsTheHostWithItsReason() throws Exception {
    service.problem = new StartException("x.jar does not exist", null);
    start();
    assertThat(exit.get(20, SECONDS)).isEqualTo(1);
    assertThat(events).contains("startFailed x.jar does not exist");
  }

  @Test
  void aSocketThatCannotBeBoundEndsTheHostAndIsNotRemoved() throws Exception {
    Files.createFile(socket);
    endpoint.problem = new IOException("somebody listens there");
    start();

    assertThat(exit.get(20, SECONDS)).isEqualTo(1);
    assertThat(events).contains("startFailed cannot listen: somebody listens there");
    assertThat(events).noneMatch(event -> event.startsWith("drain"));
    assertThat(socket).exists();
  }

  @Test
  void somethingElseAtTheLinkEndsTheHostAndStays() throws Exception {
    Files.writeString(link, "mine");
    start();
    service.satisfy();

    assertThat(exit.get(20, SECONDS)).isEqualTo(1);
    assertThat(events).anyMatch(event -> event.contains("is not a link to a socket"));
    assertThat(ready).isNotDone();
    assertThat(link).hasContent("mine");
  }

  @Test
  void drainFinishesCallsThenStopsTheServiceThenCleansUp() throws Exception {
    becomeReady();
    events.clear();

    agent.drain("asked", Duration.ofSeconds(3), 0);

    assertThat(exit.get(20, SECONDS)).isEqualTo(0);
    assertThat(events)
        .containsExactly("draining asked", "drain PT3S", "service stop", "finish", "exit 0");
    assertThat(link).doesNotExist();
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aLinkThatBelongsToASuccessorStays() throws Exception {
    becomeReady();
    Path successor = directory.resolve("identity-1.8.sock");
    new StableLink(link, successor).point();

    agent.drain("asked", Duration.ZERO, 0);

    assertThat(exit.get(20, SECONDS)).isEqualTo(0);
    assertThat(Files.readSymbolicLink(link)).isEqualTo(successor.getFileName());
  }

  @Test
  void theFirstReasonToEndCounts() throws Exception {
    becomeReady();
    agent.drain("first", Duration.ZERO, 0);
    agent.drain("second", Duration.ZERO, 1);
    service.listener.get().failed("third");

    assertThat(exit.get(20, SECONDS)).isEqualTo(0);
    assertThat(events).doesNotContain("draining second", "startFailed third");
  }

  @Test
  void aSignalDrainsAndASecondOneExitsAtOnce() throws Exception {
    becomeReady();
    endpoint.mayDrain = new CountDownLatch(1);
    agent.terminate();
    await("draining SIGTERM");
    await("drain PT30S");
    assertThat(exit).isNotDone();

    agent.terminate();

    assertThat(exit.get(20, SECONDS)).isEqualTo(143);
    assertThat(events).doesNotContain("service stop");
    assertThat(Files.isSymbolicLink(link)).isFalse();
    endpoint.mayDrain.countDown();
  }

  @Test
  void aSignalAloneExitsWith143AfterTheDrain() throws Exception {
    becomeReady();
    agent.terminate();
    assertThat(exit.get(20, SECONDS)).isEqualTo(143);
    assertThat(events).containsSubsequence("drain PT30S", "service stop", "finish", "exit 143");
  }

  @Test
  void aStartThatIsDrainedNeverBecomesReady() throws Exception {
    start();
    agent.drain("asked", Duration.ZERO, 0);
    service.satisfy();
    assertThat(exit.get(20, SECONDS)).isEqualTo(0);
    assertThat(ready).isNotDone();
    assertThat(events).doesNotContain("setServing true");
  }

  @Test
  void aStopThatThrowsDoesNotKeepTheHostAlive() throws Exception {
    becomeReady();
    service.stopProblem = new IllegalStateException("on purpose");
    agent.drain("asked", Duration.ZERO, 0);
    assertThat(exit.get(20, SECONDS)).isEqualTo(0);
    assertThat(events).contains("finish");
    assertThat(socket).doesNotExist();
  }

  @Test
  void eachStepIsToldOnceAndNoneAfterReady() throws Exception {
    start();
    HostedService.Listener listener = service.listener.get(20, SECONDS);
    listener.progress("one");
    listener.progress("one");
    listener.progress("two");
    service.satisfy();
    ready.get(20, SECONDS);
    listener.progress("three");

    assertThat(events.stream().filter(event -> event.startsWith("progress")))
        .containsExactly("progress one", "progress two");
  }

  private void start() {
    agent.start(new Recorder());
  }

  private void becomeReady() throws Exception {
    start();
    service.satisfy();
    ready.get(20, SECONDS);
  }

  private void await(String event) throws InterruptedException {
    String next;
    do {
      next = events.poll(20, SECONDS);
      assertThat(next).as("before " + event).isNotNull();
    } while (!next.equals(event));
  }

  private Assignment assignment() {
    return new Assignment(
        "identity-1-abc",
        directory,
        "node-a",
        "identity",
        1,
        socket,
        link,
        OptionalInt.of(50001),
        List.of(),
        "blackhole.identity",
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        directory.resolve("identity-1.log"),
        Optional.empty(),
        Optional.empty(),
        1 << 20,
        OptionalInt.empty(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60));
  }

  private final class FakeEndpoint implements Endpoint {
    volatile CountDownLatch mayOpen = new CountDownLatch(0);
    volatile CountDownLatch mayDrain = new CountDownLatch(0);
    volatile Set<String> services = Set.of(NAME);
    volatile IOException problem;
    volatile EndpointAddress address;

    @Override
    public void open(EndpointAddress where) throws IOException {
      try {
        mayOpen.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (problem != null) {
        throw problem;
      }
      address = where;
      Files.createFile(where.socket());
    }

    @Override
    public Set<String> services() {
      return services;
    }

    @Override
    public void setServing(boolean serving) {
      events.add("setServing " + serving);
    }

    @Override
    public int drain(Duration timeout) throws InterruptedException {
      events.add("drain " + timeout);
      mayDrain.await();
      return 0;
    }
  }

  private final class FakeService implements HostedService {
    final CompletableFuture<Listener> listener = new CompletableFuture<>();
    volatile StartException problem;
    volatile RuntimeException stopProblem;

    void satisfy() throws Exception {
      ServerServiceDefinition definition = new HealthGrpc.HealthImplBase() {}.bindService();
      listener.get(20, SECONDS).satisfied(List.of(definition));
    }

    @Override
    public void start(Listener heard) throws StartException {
      if (problem != null) {
        throw problem;
      }
      listener.complete(heard);
    }

    @Override
    public void stop() {
      events.add("service stop");
      if (stopProblem != null) {
        throw stopProblem;
      }
    }

    @Override
    public String bundleVersion() {
      return "1.2.3";
    }
  }

  private final class ExitRecorder implements Lifecycle {
    @Override
    public void onTerminate(Runnable handler) {}

    @Override
    public void exit(int code) {
      events.add("exit " + code);
      exit.complete(code);
    }

    @Override
    public void halt(String reason) {
      events.add("halt " + reason);
    }
  }

  private final class Recorder implements Announcer {
    @Override
    public void start() {}

    @Override
    public void progress(String step) {
      events.add("progress " + step);
    }

    @Override
    public void ready(Ready said) {
      events.add("ready");
      ready.complete(said);
    }

    @Override
    public void startFailed(String reason) {
      events.add("startFailed " + reason);
    }

    @Override
    public void draining(String reason) {
      events.add("draining " + reason);
    }

    @Override
    public void finish(Duration timeout) {
      events.add("finish");
    }

    @Override
    public void close() {}
  }
}
