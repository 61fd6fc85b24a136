package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.access.v1.Access;
import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.TlsMaterial;
import blackhole.endpoint.tls.TestAuthority;
import blackhole.endpoint.tls.TestAuthority.Identity;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The TCP port with mutual TLS, called by real TLS clients. */
class TlsTest {
  private static final String SERVER_NAME = "node-a";
  private static final Duration RELOAD = Duration.ofMillis(20);

  @TempDir Path directory;
  private final TestAuthority authority = new TestAuthority("the authority");
  private final TestAuthority stranger = new TestAuthority("a stranger");
  private final List<ManagedChannel> channels = new ArrayList<>();
  private EndpointFixture fixture;
  private TlsFiles files;
  private LogCapture log;

  @BeforeEach
  void open() throws IOException {
    log = new LogCapture("blackhole.endpoint.tls");
    files = TestAuthority.write(directory.resolve("tls"), authority.issue(SERVER_NAME), authority);
    fixture = new EndpointFixture(directory.resolve("s"), RELOAD);
    fixture.services.add(1, 0, new EchoService(text -> text));
    fixture.services.add(2, 0, new GuardedService());
    fixture.endpoint.open(address(Optional.of(files)));
  }

  private EndpointAddress address(Optional<TlsFiles> tls) {
    return new EndpointAddress(
        "echo",
        directory.resolve("s"),
        OptionalInt.of(0),
        tls,
        EndpointFixture.MAX_MESSAGE_SIZE_BYTES,
        OptionalInt.empty());
  }

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    fixture.close();
    log.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void knowsAnotherNodeByItsCertificate(String protocol) throws Exception {
    ManagedChannel node = channel(context(authority.issue("node-b"), authority, protocol));
    assertThat(say(node, "hello")).isEqualTo("hello");
    assertThat(who(node, Access.ACCESS_LOCAL)).isEqualTo("NODE node-b -");
    assertThat(who(node, Access.ACCESS_HOST)).isEqualTo("NODE node-b -");
    assertThat(log.warnings()).isEmpty();
  }

  @Test
  void knowsANodeWithoutAlternativeNamesByItsSubject() throws Exception {
    ManagedChannel node = channel(context(authority.issueTo("node-c"), authority));
    assertThat(who(node, Access.ACCESS_HOST)).isEqualTo("NODE node-c -");
  }

  @Test
  void listensOnAllInterfaces() throws Exception {
    SslContext node = context(authority.issue("node-b"), authority);
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : network.inetAddresses().toList()) {
        if (network.isUp() && !address.isLinkLocalAddress()) {
          ManagedChannel channel = channel(node, address.getHostAddress(), SERVER_NAME);
          assertThat(say(channel, "there")).as("%s", address).isEqualTo("there");
        }
      }
    }
  }

  @Test
  void refusesACertificateThatHasExpired() throws Exception {
    Instant now = Instant.now();
    assertRefused(
        authority.issue("node-b", now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1))),
        "its certificate has expired");
  }

  @Test
  void refusesACertificateThatIsNotValidYet() throws Exception {
    Instant now = Instant.now();
    assertRefused(
        authority.issue("node-b", now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2))),
        "its certificate is not valid yet");
  }

  @Test
  void refusesACertificateOfAnotherAuthority() throws Exception {
    assertRefused(
        stranger.issue("node-b"),
        "its certificate is signed by no authority that this node trusts");
  }

  @Test
  void refusesAnAuthorityOfTheSameName() throws Exception {
    assertRefused(
        new TestAuthority("the authority").issue("node-b"),
        "its certificate is signed by no authority that this node trusts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void refusesAClientWithoutACertificate(String protocol) throws Exception {
    ManagedChannel channel = channel(context(null, authority, protocol));
    assertThat(sayStatus(channel).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitWarning("it showed no certificate");
  }

  @Test
  void refusesPlaintext() throws Exception {
    ManagedChannel channel =
        keep(
            NettyChannelBuilder.forAddress("127.0.0.1", fixture.endpoint.port())
                .usePlaintext()
                .build());
    assertThat(sayStatus(channel).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitWarning("it speaks plaintext, and this port is for TLS");
  }

  @Test
  void refusesOldTls() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", fixture.endpoint.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(clientHelloOfTls11());
      socket.getOutputStream().flush();
      InputStream answer = socket.getInputStream();
      // a record of type alert (21), for "protocol_version" (70)
      byte[] alert = answer.readNBytes(7);
      assertThat(alert[0]).isEqualTo((byte) 21);
      assertThat(alert[6]).isEqualTo((byte) 70);
    }
    awaitWarning("it speaks no TLS that is taken here, which is 1.2 and 1.3");
  }

  /** No library of today sends one. */
  private static byte[] clientHelloOfTls11() {
    byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 4 + 2];
    byte[] record = {22, 3, 1, 0, (byte) (hello.length - 5)};
    byte[] handshake = {1, 0, 0, (byte) (hello.length - 9), 3, 2};
    System.arraycopy(record, 0, hello, 0, record.length);
    System.arraycopy(handshake, 0, hello, 5, handshake.length);
    // 32 bytes of "random" and an empty session id are zeros
    byte[] suites = {0, 4, (byte) 0xc0, 0x13, 0, 0x2f, 1, 0};
    System.arraycopy(suites, 0, hello, 5 + 6 + 33, suites.length);
    return hello;
  }

  @Test
  void namesAClientThatRefusesTheServersCertificate() throws Exception {
    SslContext context = context(authority.issue("node-b"), authority);
    ManagedChannel channel = channel(context, "127.0.0.1", "node-z");
    assertThat(sayStatus(channel).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitWarning("it refused this node's certificate");
  }

  @Test
  void namesAClientWithoutHttp2() throws Exception {
    Identity client = authority.issue("node-b");
    try (Socket socket = tlsSocket(client)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes("US-ASCII"));
      awaitWarning("it does not offer HTTP/2 (ALPN h2)");
    }
  }

  private Socket tlsSocket(Identity client) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "node",
        client.keys().getPrivate(),
        new char[0],
        new X509Certificate[] {client.certificate()});
    keys.setCertificateEntry("authority", authority.certificate());
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, new char[0]);
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context.getSocketFactory().createSocket("127.0.0.1", fixture.endpoint.port());
  }

  @Test
  void aLookWhetherThePortIsOpenIsNoNews() throws Exception {
    new Socket("127.0.0.1", fixture.endpoint.port()).close();
    // a connection that comes later is told of, so the first one was seen by then
    refusesPlaintext();
    assertThat(log.warnings()).hasSize(1);
  }

  @Test
  void theSameRefusalIsToldOnce() throws Exception {
    SslContext expired = context(stranger.issue("node-b"), authority);
    for (int i = 0; i < 5; i++) {
      assertThat(sayStatus(channel(expired)).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
    refusesPlaintext();
    assertThat(log.warnings()).hasSize(2);
  }

  @Test
  void takesNewCertificatesWithoutARestart() throws Exception {
    SslContext oldClient = context(authority.issue("node-b"), authority);
    ManagedChannel before = channel(oldClient);
    assertThat(say(before, "old")).isEqualTo("old");

    TestAuthority successor = new TestAuthority("the successor");
    TlsFiles unused =
        TestAuthority.write(files.key().getParent(), successor.issue(SERVER_NAME), successor);
    SslContext newClient = context(successor.issue("node-b"), successor);

    Await.until("the new certificate is served", () -> sayStatus(channel(newClient)).isOk());
    // with the same context as before, whose session could be resumed
    Await.until(
        "the old authority is trusted no more", () -> !sayStatus(channel(oldClient)).isOk());
    SslContext oldTrustingNew = context(authority.issue("node-b"), successor);
    Await.until("a certificate of the old authority is refused", () -> refusedBy(oldTrustingNew));
    assertThat(say(before, "still")).isEqualTo("still");
  }

  @Test
  void aCertificateIsUsedOnceItsKeyIsThereToo() throws Exception {
    SslContext client = context(authority.issue("node-b"), authority);
    TlsFiles next =
        TestAuthority.write(
            directory.resolve("next"), authority.issue("node-a-renewed"), authority);
    try (LogCapture material = new LogCapture(TlsMaterial.class.getName())) {
      // in one step: a look between a removal and what replaces it would find, and tell, more
      Files.move(next.certificate(), files.certificate(), StandardCopyOption.ATOMIC_MOVE);
      Await.until(
          "the half of it is refused: " + material.warnings(),
          () -> material.warnings().stream().anyMatch(line -> line.contains("is not the key of")));
      assertThat(say(channel(client), "the old one serves")).isEqualTo("the old one serves");

      Files.move(next.key(), files.key(), StandardCopyOption.ATOMIC_MOVE);
      Await.until(
          "the new one serves",
          () -> sayStatus(channel(client, "127.0.0.1", "node-a-renewed")).isOk());
      assertThat(material.warnings()).as("told once").hasSize(1);
    }
  }

  @Test
  void aSessionIsNotResumedPastItsAuthority() throws Exception {
    TestAuthority successor = new TestAuthority("the successor");
    SslContext client = context(authority.issue("node-b"), authority, successor);
    assertThat(say(channel(client), "a session")).isEqualTo("a session");

    TlsFiles unused =
        TestAuthority.write(files.key().getParent(), successor.issue(SERVER_NAME), successor);

    Await.until("the client is refused", () -> refusedBy(client));
  }

  private boolean refusedBy(SslContext client) {
    return sayStatus(channel(client)).getCode() == Status.Code.UNAVAILABLE
        && log.warnings().stream().anyMatch(line -> line.contains("signed by no authority"));
  }

  @Test
  void aBrokenCertificateIsNamedAndNothingIsLeft(@TempDir Path other) throws Exception {
    Files.writeString(files.certificate(), "nonsense");
    try (EndpointFixture broken = new EndpointFixture(other.resolve("s"))) {
      EndpointAddress address =
          new EndpointAddress(
              "echo",
              other.resolve("s"),
              OptionalInt.of(0),
              Optional.of(files),
              EndpointFixture.MAX_MESSAGE_SIZE_BYTES,
              OptionalInt.empty());
      assertThatThrownBy(() -> broken.endpoint.open(address))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot serve TLS with " + files.certificate());
      assertThat(other.resolve("s")).doesNotExist();
    }
  }

  private void assertRefused(Identity client, String cause) throws Exception {
    ManagedChannel channel = channel(context(client, authority));
    assertThat(sayStatus(channel).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitWarning(cause);
    // others are not disturbed
    assertThat(say(channel(context(authority.issue("node-b"), authority)), "x")).isEqualTo("x");
  }

  private void awaitWarning(String cause) throws Exception {
    Predicate<String> told =
        line -> line.startsWith("refused a connection from 127.0.0.1: " + cause);
    Await.until(
        "'" + cause + "' is in the log: " + log.warnings(),
        () -> log.warnings().stream().anyMatch(told));
  }

  private static SslContext context(@Nullable Identity own, TestAuthority... trusted)
      throws IOException {
    return context(own, trusted, "TLSv1.3", "TLSv1.2");
  }

  private static SslContext context(@Nullable Identity own, TestAuthority trusted, String protocol)
      throws IOException {
    return context(own, new TestAuthority[] {trusted}, protocol);
  }

  private static SslContext context(
      @Nullable Identity own, TestAuthority[] trusted, String... protocols) throws IOException {
    X509Certificate[] roots = new X509Certificate[trusted.length];
    for (int i = 0; i < trusted.length; i++) {
      roots[i] = trusted[i].certificate();
    }
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .trustManager(roots)
            .protocols(protocols);
    if (own != null) {
      builder.keyManager(own.keys().getPrivate(), own.certificate());
    }
    return builder.build();
  }

  private ManagedChannel channel(SslContext context) {
    return channel(context, "127.0.0.1", SERVER_NAME);
  }

  private ManagedChannel channel(SslContext context, String host, String name) {
    return keep(
        NettyChannelBuilder.forAddress(host, fixture.endpoint.port())
            .sslContext(context)
            .overrideAuthority(name)
            .build());
  }

  private ManagedChannel keep(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  private static Status sayStatus(ManagedChannel channel) {
    return EndpointFixture.status(() -> say(channel, "?"));
  }

  private static String who(ManagedChannel channel, Access access) {
    return ClientCalls.blockingUnaryCall(channel, GuardedService.method(access), options(), "");
  }
}
