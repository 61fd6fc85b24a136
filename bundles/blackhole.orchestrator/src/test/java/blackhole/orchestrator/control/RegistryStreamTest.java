package blackhole.orchestrator.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.ServiceDescription;
import blackhole.control.v1.ControlGrpc;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.NodeMessage;
import blackhole.control.v1.RegistryAck;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.ServiceEntry;
import blackhole.orchestrator.registry.InMemoryRegistry;
import blackhole.orchestrator.registry.NodeDirectory;
import blackhole.orchestrator.supervision.ThreadSerialContext;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the stream, to hosts that read when a test wants them to. */
class RegistryStreamTest {
  private static final String HOST = "storage-1-abc";

  private final HostCredentials credentials = new HostCredentials();
  private final ControlSessions sessions = new ControlSessions();
  private final CallTokens tokens = new CallTokens();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ThreadSerialContext context = new ThreadSerialContext("registry");
  private final InMemoryRegistry registry = new InMemoryRegistry(context);
  private final NodeDirectory directory = new NodeDirectory(registry, context, "e1");
  private Server server;
  private ManagedChannel channel;
  private String token;

  @BeforeEach
  void start() throws Exception {
    token = credentials.issue(HOST);
    directory.start();
    // what hosts are told is the directory's, which follows the registry a moment later
    acknowledged(describe("identity", "first"));
    String name = UUID.randomUUID().toString();
    server =
        InProcessServerBuilder.forName(name)
            .addService(
                new ControlService(
                    "node-a",
                    credentials,
                    sessions,
                    new Events(),
                    Optional.of(new RegistryStreams(directory, tokens)),
                    timer))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    server.shutdownNow();
    assertThat(server.awaitTermination(30, SECONDS)).isTrue();
    timer.shutdownNow();
    context.close();
  }

  @Test
  void aNewHostGetsEverything() throws Exception {
    tokens.issue(HOST, "storage-1");
    Host host = new Host();
    host.hello(hello());
    host.take(2);

    NodeMessage welcome = host.next();
    assertThat(welcome.getWelcome().getFeaturesList()).containsExactly("registry");
    assertThat(welcome.getWelcome().getCallToken()).isNotEmpty().isNotEqualTo(token);
    RegistryUpdate update = host.next().getRegistryUpdate();
    assertThat(update.getEpoch()).isEqualTo("e1");
    assertThat(update.getComplete()).isTrue();
    assertThat(update.getServicesList())
        .extracting(ServiceEntry::getName)
        .containsExactly("identity");
    assertThat(update.getCallers().getCallersList())
        .singleElement()
        .satisfies(caller -> assertThat(caller.getName()).isEqualTo("storage-1"));
  }

  @Test
  void aHostThatDoesNotKnowTheRegistryIsNotToldOfIt() throws Exception {
    Host host = new Host();
    host.hello(hello().clearFeatures());
    host.take(5);
    assertThat(host.next().hasWelcome()).isTrue();
    acknowledged(describe("identity", "second"));
    sessions.find(HOST).orElseThrow().drain(Duration.ofSeconds(3));
    assertThat(host.next().hasDrain()).isTrue();
  }

  @Test
  void aHostThatIsSlowToReadGetsTheNewestStateAndNothingElse() throws Exception {
    Host host = new Host();
    host.hello(hello());
    host.take(2);
    host.next();
    RegistryUpdate first = host.next().getRegistryUpdate();
    host.acknowledge(first.getRevision());

    long last = 0;
    for (int i = 0; i < 500; i++) {
      last = describe(i % 2 == 0 ? "identity" : "storage", "change " + i);
      if (i % 100 == 0) {
        tokens.issue("other-" + i, "other-" + i);
      }
    }
    awaitDirectory(first, last);
    host.take(1);
    RegistryUpdate second = host.next().getRegistryUpdate();

    assertThat(second.getRevision()).isEqualTo(last);
    assertThat(second.getComplete()).isFalse();
    assertThat(second.getServicesList())
        .extracting(entry -> entry.getAvailability().getReason())
        .containsExactly("change 498", "change 499");
    assertThat(second.getCallers().getCallersCount()).isEqualTo(5);
    host.acknowledge(last);
    acknowledged(last);
    host.take(100);
    long after = describe("identity", "the end");
    assertThat(host.next().getRegistryUpdate().getRevision())
        .as("nothing was in between")
        .isEqualTo(after);
  }

  @Test
  void aHostThatComesBackGetsWhatItMissed() throws Exception {
    long known = describe("storage", "one");
    acknowledged(describe("identity", "two"));
    Host host = new Host();
    host.hello(hello().setRegistryEpoch("e1").setRegistryRevision(known));
    host.take(2);
    host.next();
    RegistryUpdate update = host.next().getRegistryUpdate();
    assertThat(update.getComplete()).isFalse();
    assertThat(update.getServicesList())
        .extracting(ServiceEntry::getName)
        .containsExactly("identity");
  }

  @Test
  void aHostThatIsLostKeepsNobodyWaiting() throws Exception {
    Host host = new Host();
    host.hello(hello());
    host.take(10);
    host.next();
    host.acknowledge(host.next().getRegistryUpdate().getRevision());
    long revision = describe("identity", "second");
    assertThat(host.next().getRegistryUpdate().getRevision()).isEqualTo(revision);
    CompletionStage<Void> taken = directory.acknowledged(revision);
    host.out.onCompleted();
    taken.toCompletableFuture().get(30, SECONDS);
  }

  private long describe(String service, String reason) {
    Availability availability =
        new Availability(Availability.State.EXPECTED, reason, Optional.empty());
    return registry
        .describe(new ServiceDescription(service, availability, CallPolicy.DEFAULT, Map.of()))
        .toCompletableFuture()
        .join();
  }

  /** The directory follows the registry a moment later. */
  private void awaitDirectory(RegistryUpdate from, long revision) {
    long deadline = System.nanoTime() + SECONDS.toNanos(20);
    while (directory.since(from.getEpoch(), from.getRevision()).revision() < revision) {
      assertThat(System.nanoTime()).as("revision %d in time", revision).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private void acknowledged(long revision) throws Exception {
    directory.acknowledged(revision).toCompletableFuture().get(30, SECONDS);
  }

  private Hello.Builder hello() {
    return Hello.newBuilder()
        .setProtocolVersion(1)
        .addFeatures("registry")
        .setHostId(HOST)
        .setService("storage")
        .setInstance(1)
        .setToken(token);
  }

  /** Reads only as much as it is told to. */
  private final class Host implements ClientResponseObserver<HostMessage, NodeMessage> {
    private final BlockingQueue<NodeMessage> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<ClientCallStreamObserver<HostMessage>> call =
        new CompletableFuture<>();
    private final StreamObserver<HostMessage> out = ControlGrpc.newStub(channel).attach(this);

    @Override
    public void beforeStart(ClientCallStreamObserver<HostMessage> request) {
      request.disableAutoRequestWithInitial(0);
      call.complete(request);
    }

    void hello(Hello.Builder hello) {
      out.onNext(HostMessage.newBuilder().setHello(hello).build());
    }

    void take(int count) {
      call.join().request(count);
    }

    void acknowledge(long revision) {
      out.onNext(
          HostMessage.newBuilder()
              .setRegistryAck(RegistryAck.newBuilder().setRevision(revision))
              .build());
    }

    NodeMessage next() throws InterruptedException {
      NodeMessage message = messages.poll(30, SECONDS);
      assertThat(message).as("a message from the orchestrator").isNotNull();
      return message;
    }

    @Override
    public void onNext(NodeMessage message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable problem) {}

    @Override
    public void onCompleted() {}
  }
}
