package blackhole.orchestrator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.host.TlsFiles;
import blackhole.orchestrator.tls.DevelopmentTls.Origin;
import blackhole.orchestrator.tls.DevelopmentTls.Request;
import blackhole.orchestrator.tls.DevelopmentTls.Result;
import blackhole.orchestrator.tls.x509.X509Issuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentTlsTest {
  private static final Instant NOW = Instant.parse("2030-06-01T12:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);
  private static final List<String> HOSTS = List.of("localhost", "box-1", "127.0.0.1", "::1");

  @TempDir Path temp;

  private Path home() {
    return temp.resolve("tls");
  }

  private Result prepare(Instant now) throws IOException {
    return prepare(request(home(), home(), "node-a", false), now);
  }

  private static Result prepare(Request request, Instant now) throws IOException {
    return new DevelopmentTls(X509Issuer::new, Clock.fixed(now, ZoneOffset.UTC)).prepare(request);
  }

  /** Fails if anything would have to be made. */
  private static Result find(Request request, Instant now) throws IOException {
    return new DevelopmentTls(
            () -> {
              throw new AssertionError("nothing is to be made");
            },
            Clock.fixed(now, ZoneOffset.UTC))
        .prepare(request);
  }

  private static Request request(Path authority, Path node, String nodeId, boolean force) {
    return new Request(authority, node, new NodeNames(nodeId, HOSTS), YEAR, force);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void an_authority_and_a_certificate_are_made_on_first_use() throws IOException {
    Result result = prepare(NOW);

    assertThat(result.authorityOrigin()).isEqualTo(Origin.MADE);
    assertThat(result.certificateOrigin()).isEqualTo(Origin.MADE);
    assertThat(names(home())).containsExactly(".lock", "ca.key", "ca.pem", "node.key", "node.pem");
    assertThat(permissions(home())).isEqualTo("rwx------");
    assertThat(permissions(home().resolve("ca.key"))).isEqualTo("rw-------");
    assertThat(permissions(home().resolve("node.key"))).isEqualTo("rw-------");
    assertThat(result.files())
        .isEqualTo(
            new TlsFiles(
                home().resolve("node.pem"), home().resolve("node.key"), home().resolve("ca.pem")));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void the_certificates_say_what_each_may_do() throws Exception {
    Result result = prepare(NOW);
    X509Certificate authority = result.authority();
    X509Certificate node = result.certificate();

    assertThat(authority.getBasicConstraints()).isZero();
    assertThat(authority.getKeyUsage()[5]).as("keyCertSign").isTrue();
    assertThat(authority.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(3650)));
    assertThat(authority.getPublicKey().getAlgorithm()).isEqualTo("EC");

    assertThat(node.getBasicConstraints()).isEqualTo(-1);
    assertThat(node.getSubjectX500Principal().getName()).isEqualTo("CN=node-a,O=Blackhole");
    assertThat(node.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(Certificates.names(node))
        .containsExactly("node-a", "localhost", "box-1", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(node.getNotAfter()).isEqualTo(NOW.plus(YEAR));
    assertThat(node.getNotBefore()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(Certificates.isSignedBy(node, authority)).isTrue();
  }

  @Test
  void what_is_there_is_kept() throws IOException {
    prepare(NOW);
    Set<String> before = contents();

    Result again = find(request(home(), home(), "node-a", false), NOW.plus(Duration.ofDays(300)));

    assertThat(again.authorityOrigin()).isEqualTo(Origin.FOUND);
    assertThat(again.certificateOrigin()).isEqualTo(Origin.FOUND);
    assertThat(contents()).isEqualTo(before);
  }

  private Set<String> contents() throws IOException {
    Set<String> contents = new HashSet<>();
    for (String name : names(home())) {
      contents.add(name + Files.readString(home().resolve(name)));
    }
    return contents;
  }

  @Test
  void a_certificate_is_renewed_a_month_before_its_end_for_the_same_key() throws IOException {
    X509Certificate first = prepare(NOW).certificate();
    String key = Files.readString(home().resolve("node.key"));
    Instant later = NOW.plus(Duration.ofDays(336));

    Result result = prepare(later);

    assertThat(result.authorityOrigin()).isEqualTo(Origin.FOUND);
    assertThat(result.certificateOrigin()).isEqualTo(Origin.RENEWED);
    assertThat(result.certificate().getNotAfter()).isEqualTo(later.plus(YEAR));
    assertThat(result.certificate().getPublicKey()).isEqualTo(first.getPublicKey());
    assertThat(home().resolve("node.key")).hasContent(key.strip());
    assertThat(names(home())).doesNotContain("node.key.old", "node.pem.old");
  }

  @Test
  void a_certificate_that_has_expired_is_renewed_too() throws IOException {
    prepare(NOW);
    Instant later = NOW.plus(Duration.ofDays(1000));
    assertThat(prepare(later).certificateOrigin()).isEqualTo(Origin.RENEWED);
  }

  @Test
  void a_certificate_never_outlives_its_authority() throws IOException {
    X509Certificate authority = prepare(NOW).authority();
    Result result = prepare(NOW.plus(Duration.ofDays(3500)));
    assertThat(result.certificate().getNotAfter()).isEqualTo(authority.getNotAfter());
  }

  @Test
  void a_node_of_another_name_gets_another_certificate() throws IOException {
    prepare(NOW);
    Result result = prepare(request(home(), home(), "node-b", false), NOW);
    assertThat(result.authorityOrigin()).isEqualTo(Origin.FOUND);
    assertThat(result.certificateOrigin()).isEqualTo(Origin.MADE);
    assertThat(Certificates.isFor(result.certificate(), "node-b")).isTrue();
    assertThat(names(home())).contains("node.key.old", "node.pem.old");
  }

  @Test
  void force_makes_a_new_key() throws IOException {
    X509Certificate first = prepare(NOW).certificate();
    Result result = prepare(request(home(), home(), "node-a", true), NOW);
    assertThat(result.certificate().getPublicKey()).isNotEqualTo(first.getPublicKey());
    assertThat(result.authorityOrigin()).isEqualTo(Origin.FOUND);
  }

  @Test
  void a_key_that_a_crash_left_without_its_certificate_is_kept_aside() throws IOException {
    prepare(NOW);
    String key = Files.readString(home().resolve("node.key"));
    Files.delete(home().resolve("node.pem"));

    assertThat(prepare(NOW).certificateOrigin()).isEqualTo(Origin.MADE);
    assertThat(home().resolve("node.key.old")).hasContent(key.strip());
  }

  @Test
  void a_folder_without_the_authoritys_key_serves_until_its_certificate_ends() throws IOException {
    Path folder = temp.resolve("node-a");
    prepare(request(home(), folder, "node-a", false), NOW);
    assertThat(names(folder)).containsExactly("ca.pem", "node.key", "node.pem");
    Request alone = request(folder, folder, "node-a", false);

    assertThat(find(alone, NOW).warning()).isEmpty();
    assertThat(find(alone, NOW.plus(Duration.ofDays(340))).warning())
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .contains("expires on 2031-06-01 12:00 UTC", "no " + folder + "/ca.key"));
    assertThatThrownBy(() -> find(alone, NOW.plus(Duration.ofDays(366))))
        .isInstanceOf(TlsFileException.class)
        .hasMessageContaining(folder + "/ca.key does not exist");
  }

  @Test
  void two_nodes_of_one_authority_trust_each_other_by_name() throws Exception {
    TestTls pki = new TestTls(temp);
    TlsFiles a = pki.node("node-a");
    TlsFiles b = pki.node("node-b");
    assertThat(Files.readString(a.certificateAuthority()))
        .isEqualTo(Files.readString(b.certificateAuthority()));

    assertThat(Handshake.between(a, b, "node-a"))
        .isEqualTo("CN=node-b,O=Blackhole CN=node-a,O=Blackhole");
    assertThat(Handshake.between(a, b, "localhost")).isNotEmpty();
    assertThat(Handshake.between(a, b, "127.0.0.1")).isNotEmpty();
    assertThatThrownBy(() -> Handshake.between(a, b, "node-b"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("No subject alternative DNS name matching node-b found");
  }

  @Test
  void a_renewed_certificate_is_trusted_as_the_first_was() throws Exception {
    TestTls pki = new TestTls(temp);
    TlsFiles a = pki.expired("node-a", "node-a");
    TlsFiles b = pki.node("node-b");
    assertThatThrownBy(() -> Handshake.between(a, b, "node-a")).isInstanceOf(SSLException.class);
    pki.node("node-a");
    assertThat(Handshake.between(a, b, "node-a")).isNotEmpty();
  }

  @Test
  void nodes_of_two_authorities_do_not() throws Exception {
    TlsFiles a = new TestTls(temp.resolve("one")).node("node-a");
    TlsFiles b = new TestTls(temp.resolve("two")).node("node-b");
    assertThatThrownBy(() -> Handshake.between(a, b, "node-a")).isInstanceOf(SSLException.class);
  }

  @Test
  void files_that_do_not_fit_are_named() throws IOException {
    prepare(NOW);
    Path other = temp.resolve("other");
    prepare(request(other, other, "node-a", false), NOW);

    Files.copy(
        other.resolve("node.key"),
        home().resolve("node.key"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(home().resolve("node.key") + " is not the key of node.pem beside it");

    Files.copy(
        other.resolve("node.pem"),
        home().resolve("node.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(home().resolve("node.pem") + " is not signed by ca.pem beside it");

    Files.writeString(home().resolve("node.pem"), "rubbish");
    assertRefused(home().resolve("node.pem") + " holds no certificate");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> prepare(NOW))
        .isInstanceOf(TlsFileException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void an_authority_that_has_expired_is_named() throws IOException {
    prepare(NOW);
    assertThatThrownBy(() -> prepare(NOW.plus(Duration.ofDays(3700))))
        .isInstanceOf(TlsFileException.class)
        .hasMessageContaining("ca.pem expired on 2040-05-29 12:00 UTC");
  }

  @Test
  void many_at_once_make_one() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Result>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(threads.submit(() -> prepare(NOW)));
      }
      Set<X509Certificate> certificates = new HashSet<>();
      for (Future<Result> result : results) {
        certificates.add(result.get(30, TimeUnit.SECONDS).certificate());
      }
      assertThat(certificates).hasSize(1);
      assertThat(names(home())).doesNotContain("node.key.old");
    } finally {
      threads.shutdownNow();
    }
  }
}
