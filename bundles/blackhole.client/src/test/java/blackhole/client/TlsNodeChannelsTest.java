package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.CallerIdentity;
import blackhole.client.service.Echo;
import blackhole.client.tls.NodeTls;
import blackhole.client.tls.TestCertificates;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calling end: what is wrong with TLS is said in words. */
class TlsNodeChannelsTest {
  @TempDir Path folder;
  private final ClientThreads threads = new ClientThreads();
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  private TestCertificates authority;
  private TestNode far;

  @BeforeEach
  void open() throws Exception {
    authority = new TestCertificates(folder, "ca");
    far = new TestNode(folder);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    threads.close();
    far.close();
    var unused = threads.eventLoop().terminationFuture().awaitUninterruptibly(30, TimeUnit.SECONDS);
  }

  @Test
  void callsAnotherNode() throws Exception {
    Server server = serve(authority.node("node-b"));
    assertThat(TestNode.call(channel(authority.node("node-a"), server, null), Echo.READ))
        .isEqualTo("far");
  }

  @Test
  void anExpiredCertificate() throws Exception {
    Instant now = Instant.now();
    Server server =
        serve(
            authority.node("node-b", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(2))));
    assertThat(refusal(authority.node("node-a"), server, null))
        .contains("certificate of node-b has expired on");
  }

  @Test
  void aCertificateThatIsNotValidYet() throws Exception {
    Instant now = Instant.now();
    Server server =
        serve(authority.node("node-b", now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2))));
    assertThat(refusal(authority.node("node-a"), server, null))
        .contains("certificate of node-b is not valid before");
  }

  @Test
  void aCertificateOfAnotherAuthority() throws Exception {
    TestCertificates other = new TestCertificates(folder, "other-ca");
    Server server = serve(other.node("node-b"));
    assertThat(refusal(authority.node("node-a"), server, null))
        .contains("certificate of node-b is not signed by the authority in")
        .contains("CN=other-ca");
  }

  @Test
  void aCertificateOfAnotherNode() throws Exception {
    Server server = serve(authority.node("node-c"));
    assertThat(refusal(authority.node("node-a"), server, null))
        .contains("certificate is for node-c, not for node-b");
  }

  @Test
  void anAuthorityThatIsNoFile() throws Exception {
    Server server = serve(authority.node("node-b"));
    assertThat(refusal(authority.node("node-a"), server, folder.resolve("nothing.pem")))
        .contains("the authority for node-b cannot be read from");
  }

  @Test
  void aServerThatRefusesOurs() throws Exception {
    TestCertificates other = new TestCertificates(folder, "other-ca");
    TlsFiles ours = other.node("node-a");
    Server server = serve(authority.node("node-b"));
    // we trust the far end's authority; it doesn't trust ours
    assertThat(refusal(ours, server, authority.authority()))
        .contains("the other end refused this node's certificate");
  }

  @Test
  void aServerWithoutTls() throws Exception {
    Server server = far.serve((io.netty.handler.ssl.SslContext) null, Echo.Handler.answering("x"));
    assertThat(refusal(authority.node("node-a"), server, null)).contains("does not speak TLS");
  }

  @Test
  void aProcessWithoutACertificate() {
    NodeTls tls = new NodeTls(identity(null));
    opened.add(tls);
    assertThatThrownBy(
            () ->
                new TlsNodeChannels(threads, tls).open("node-b", "127.0.0.1", 1, Optional.empty()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no certificate");
  }

  private Server serve(TlsFiles files) throws Exception {
    return far.serve(TestCertificates.server(files), Echo.Handler.answering("far"));
  }

  private ManagedChannel channel(TlsFiles files, Server server, @Nullable Path trusted) {
    NodeTls tls = new NodeTls(identity(files));
    opened.add(tls);
    ManagedChannel channel =
        new TlsNodeChannels(threads, tls)
            .open("node-b", "127.0.0.1", server.getPort(), Optional.ofNullable(trusted));
    opened.add(channel::shutdownNow);
    return channel;
  }

  private String refusal(TlsFiles files, Server server, @Nullable Path trusted) {
    ManagedChannel channel = channel(files, server, trusted);
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> {
              String unused = TestNode.call(channel, Echo.READ);
            });
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    return e.getStatus().getDescription();
  }

  private static CallerIdentity identity(@Nullable TlsFiles files) {
    return new CallerIdentity() {
      @Override
      public String nodeId() {
        return "node-a";
      }

      @Override
      public String name() {
        return "caller-1";
      }

      @Override
      public Optional<String> callToken() {
        return Optional.empty();
      }

      @Override
      public Optional<TlsFiles> tls() {
        return Optional.ofNullable(files);
      }
    };
  }
}
