package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.supervision.InstanceHealth;
import blackhole.client.service.Echo;
import blackhole.client.tls.TestCertificates;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to other nodes, by TLS over the loopback interface. */
class RemoteTest {
  private static final Availability STOPPED =
      new Availability(Availability.State.STOPPED, "stopped", Optional.empty());

  private static final CallPolicy READS =
      CallPolicy.DEFAULT.withRemoteFallback(RemoteFallback.READS);
  private static final CallPolicy ALWAYS =
      CallPolicy.DEFAULT.withRemoteFallback(RemoteFallback.ALWAYS);

  @TempDir Path folder;
  private TestCertificates authority;
  private TestNode node;

  @BeforeEach
  void open() throws Exception {
    authority = new TestCertificates(folder, "ca");
    node = new TestNode(folder, authority.node("node-a"));
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  private RegisteredEndpoint remote(String nodeId, Server server) {
    return TestNode.remote(nodeId, server.getPort(), null, InstanceHealth.HEALTHY);
  }

  private Server serve(String nodeId, ServerInterceptor... interceptors) throws Exception {
    return node.serve(
        TestCertificates.server(authority.node(nodeId)),
        Echo.Handler.answering(nodeId),
        interceptors);
  }

  @Test
  void readsGoToAnotherNodeAndWritesDoNot() throws Exception {
    RegisteredEndpoint remote = remote("node-b", serve("node-b"));
    node.register(STOPPED, READS, remote);
    assertThat(node.call(Echo.READ)).isEqualTo("node-b");
    assertThat(RpcStatus.reasonOf(failure(Echo.PUT))).contains(Reasons.SERVICE_STOPPED);
    assertThat(RpcStatus.reasonOf(failure(Echo.POST))).contains(Reasons.SERVICE_STOPPED);
    assertThat(node.counted().remote()).isEqualTo(1);

    node.register(STOPPED, ALWAYS, remote);
    assertThat(node.call(Echo.POST)).isEqualTo("node-b");
    node.register(STOPPED, CallPolicy.DEFAULT, remote);
    assertThat(RpcStatus.reasonOf(failure(Echo.READ))).contains(Reasons.SERVICE_STOPPED);
    var anyway = node.clients.to("echo", p -> p.withRemoteFallback(RemoteFallback.ALWAYS));
    assertThat(TestNode.call(anyway, Echo.POST)).isEqualTo("node-b");
  }

  @Test
  void callsAreSpreadOverNodesWithAuthoritiesOfTheirOwn() throws Exception {
    TestCertificates other = new TestCertificates(folder, "other-ca");
    // the far node trusts ours, and ours trusts the far node's
    var shown = other.node("node-c");
    var files =
        new blackhole.api.host.TlsFiles(shown.certificate(), shown.key(), authority.authority());
    Server c = node.serve(TestCertificates.server(files), Echo.Handler.answering("node-c"));
    node.register(
        STOPPED,
        ALWAYS,
        remote("node-b", serve("node-b")),
        TestNode.remote("node-c", c.getPort(), other.authority(), InstanceHealth.HEALTHY));
    Set<String> answered = new HashSet<>();
    Await.until(
        "both are called",
        () -> {
          answered.add(node.call(Echo.READ));
          return answered.size() == 2;
        });
  }

  /** The secret of this node's hosts is for this node. */
  @Test
  void theHostsTokenStaysHere() throws Exception {
    List<Metadata> seen = new CopyOnWriteArrayList<>();
    Server server =
        serve(
            "node-b",
            new ServerInterceptor() {
              @Override
              public <Q, R> ServerCall.Listener<Q> interceptCall(
                  ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                seen.add(headers);
                return next.startCall(call, headers);
              }
            });
    node.register(STOPPED, ALWAYS, remote("node-b", server));
    assertThat(node.call(Echo.READ)).isEqualTo("node-b");
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).keys()).doesNotContain(CallerIdentity.CALL_TOKEN_HEADER);
  }

  @Test
  void unhealthyHereMeansThereAndBackOnceItIsWell() throws Exception {
    RegisteredEndpoint remote = remote("node-b", serve("node-b"));
    Server unused = node.serve("a", Echo.Handler.answering("here"));
    node.register(Availability.SERVING, ALWAYS, node.local("a"), remote);
    assertThat(node.call(Echo.READ)).isEqualTo("here");
    node.register(Availability.SERVING, ALWAYS, node.local("a", InstanceHealth.UNHEALTHY), remote);
    for (int i = 0; i < 20; i++) {
      assertThat(node.call(Echo.READ)).isEqualTo("node-b");
    }
    node.register(Availability.SERVING, ALWAYS, node.local("a"), remote);
    Set<String> onTheWay = new HashSet<>();
    int[] home = {0};
    Await.until(
        "all calls come home",
        () -> {
          String answer = node.call(Echo.READ);
          onTheWay.add(answer);
          home[0] = answer.equals("here") ? home[0] + 1 : 0;
          return home[0] == 200;
        });
    // not all at once
    assertThat(onTheWay).contains("node-b");
  }

  /** What was stored here must not be looked for elsewhere, not even for a moment. */
  @Test
  void readsComeHomeAllAtOnce() throws Exception {
    RegisteredEndpoint remote = remote("node-b", serve("node-b"));
    Server unused = node.serve("a", Echo.Handler.answering("here"));
    node.register(STOPPED, READS, remote);
    assertThat(node.call(Echo.READ)).isEqualTo("node-b");
    node.register(Availability.SERVING, READS, node.local("a"), remote);
    for (int i = 0; i < 50; i++) {
      assertThat(node.call(Echo.READ)).isEqualTo("here");
    }
  }

  /** The operator learns from a failed call why the other node was no help. */
  @Test
  void whatIsWrongElsewhereIsSaid() throws Exception {
    Server far = serve("node-b");
    node.register(
        STOPPED, READS, TestNode.remote("node-b", far.getPort(), null, InstanceHealth.UNHEALTHY));
    StatusRuntimeException e = failure(Echo.READ);
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_STOPPED);
    assertThat(e.getStatus().getDescription()).contains("node-b").contains("its disk is full");
  }

  @Test
  void unhealthyEverywhereFailsAtOnce() throws Exception {
    Server far = serve("node-b");
    node.register(
        Availability.SERVING,
        ALWAYS,
        node.local("a", InstanceHealth.UNHEALTHY),
        TestNode.remote("node-b", far.getPort(), null, InstanceHealth.UNREACHABLE));
    StatusRuntimeException e = failure(Echo.READ);
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_UNHEALTHY);
    assertThat(e.getStatus().getDescription()).contains("node-b").contains("its disk is full");
  }

  /** Of a call by name. */
  @Test
  void aWrongCertificateFailsTheCallAtOnceInWords() throws Exception {
    Server server =
        node.serve(
            TestCertificates.server(authority.node("node-c")), Echo.Handler.answering("node-c"));
    node.register(STOPPED, ALWAYS, remote("node-b", server));
    StatusRuntimeException e = failure(Echo.READ);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(e.getStatus().getDescription()).contains("is for node-c, not for node-b");
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_NOT_READY);
  }

  private StatusRuntimeException failure(MethodDescriptor<String, String> method) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> {
          String unused = node.call(method);
        });
  }
}
