package blackhole.orchestrator.tls;

import blackhole.api.host.TlsFiles;
import blackhole.orchestrator.tls.CertificateIssuer.Authority;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A certificate authority of one's own, and certificates of nodes that it signs. What is there is
 * kept; only a node's certificate that is about to end is replaced, by one for the same key.
 *
 * <p>A folder for a node alone ({@code ca.pem}, {@code node.pem}, {@code node.key}) works without
 * the authority's key, so it can be copied to the node's machine; then nothing can be renewed
 * there.
 *
 * <p>Files appear whole, by renaming; processes that do this at once wait for each other.
 */
public final class DevelopmentTls {
  public static final String AUTHORITY = "ca.pem";
  public static final String AUTHORITY_KEY = "ca.key";
  public static final String CERTIFICATE = "node.pem";
  public static final String KEY = "node.key";

  private static final String LOCK = ".lock";
  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);

  /** Clocks of machines differ. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private final Supplier<CertificateIssuer> issuer;
  private final Clock clock;

  /**
   * @param issuer asked for only when a certificate has to be made
   */
  public DevelopmentTls(Supplier<CertificateIssuer> issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /** What became of a certificate. */
  public enum Origin {
    FOUND,
    MADE,
    RENEWED
  }

  /**
   * What is wanted.
   *
   * @param authority the folder of the authority's certificate and key
   * @param node the folder of the node's certificate and key, with a copy of the authority's
   * @param validity of a certificate that is made for the node
   * @param force to make a new key and certificate for the node, even if it has one
   */
  public record Request(
      Path authority, Path node, NodeNames names, Duration validity, boolean force) {}

  /**
   * What there is now.
   *
   * @param warning what the operator should know; empty mostly
   */
  public record Result(
      TlsFiles files,
      X509Certificate authority,
      Origin authorityOrigin,
      X509Certificate certificate,
      Origin certificateOrigin,
      Optional<String> warning) {}

  /**
   * Finds or makes everything.
   *
   * @throws TlsFileException when a file that is there is of no use, or one that is needed is not
   */
  public Result prepare(Request request) throws IOException {
    Optional<Result> found = request.force() ? Optional.empty() : find(request, clock.instant());
    if (found.isPresent()) {
      return found.get();
    }
    directory(request.authority());
    directory(request.node());
    // one JVM may not lock a file twice
    synchronized (DevelopmentTls.class) {
      try (FileChannel channel =
              FileChannel.open(
                  request.authority().resolve(LOCK),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        return make(request, clock.instant());
      }
    }
  }

  /** What is there, if it is whole and lasts. */
  private static Optional<Result> find(Request request, Instant now) throws IOException {
    TlsFiles files = files(request.node());
    if (!Files.exists(files.certificate())
        || !Files.exists(files.key())
        || !Files.exists(files.certificateAuthority())) {
      return Optional.empty();
    }
    X509Certificate certificate = Pem.certificates(files.certificate()).get(0);
    if (Certificates.isDue(certificate, now)
        || !Certificates.isFor(certificate, request.names().nodeId())) {
      return Optional.empty();
    }
    return Optional.of(result(files, now, Origin.FOUND, Origin.FOUND));
  }

  private Result make(Request request, Instant now) throws IOException {
    TlsFiles files = files(request.node());
    Optional<X509Certificate> old =
        Files.exists(files.certificate())
            ? Optional.of(Pem.certificates(files.certificate()).get(0))
            : Optional.empty();
    boolean named = old.filter(c -> Certificates.isFor(c, request.names().nodeId())).isPresent();
    boolean due = old.filter(c -> Certificates.isDue(c, now)).isPresent();
    if (named && !due && !request.force()) {
      // somebody else made it while we waited for the lock; or else it is not whole
      requireKey(files);
      shareAuthority(request, files);
      return result(files, now, Origin.FOUND, Origin.FOUND);
    }
    boolean usable = named && !request.force() && Certificates.invalidity(old.get(), now).isEmpty();
    if (usable && !hasAuthorityKey(request)) {
      return expiring(result(files, now, Origin.FOUND, Origin.FOUND), request);
    }
    Origin origin = hasAuthority(request) ? Origin.FOUND : Origin.MADE;
    Authority authority = authority(request, old.isPresent(), now);
    if (named && !request.force()) {
      requireKey(files);
      renew(request, files, old.get(), authority, now);
    } else {
      issue(request, files, authority, now);
    }
    shareAuthority(request, files);
    return result(files, now, origin, named ? Origin.RENEWED : Origin.MADE);
  }

  private static Result expiring(Result result, Request request) {
    return new Result(
        result.files(),
        result.authority(),
        result.authorityOrigin(),
        result.certificate(),
        result.certificateOrigin(),
        Optional.of(
            result.files().certificate()
                + " expires on "
                + Certificates.format(Certificates.end(result.certificate()))
                + ", and there is no "
                + request.authority().resolve(AUTHORITY_KEY)
                + " to renew it with"));
  }

  private static boolean hasAuthority(Request request) {
    return Files.exists(request.authority().resolve(AUTHORITY));
  }

  private static boolean hasAuthorityKey(Request request) {
    return Files.exists(request.authority().resolve(AUTHORITY_KEY));
  }

  private Authority authority(Request request, boolean hadCertificate, Instant now)
      throws IOException {
    Path file = request.authority().resolve(AUTHORITY);
    Path keyFile = request.authority().resolve(AUTHORITY_KEY);
    if (!Files.exists(file)) {
      if (hadCertificate) {
        throw new TlsFileException(file, "does not exist, expected the authority of the node");
      }
      return newAuthority(file, keyFile, request.names().nodeId(), now);
    }
    X509Certificate certificate = Certificates.valid(file, now);
    if (!Files.exists(keyFile)) {
      throw new TlsFileException(
          keyFile,
          "does not exist, so no certificate for "
              + request.names().nodeId()
              + " can be signed; expected it, or a valid "
              + CERTIFICATE
              + " with its "
              + KEY);
    }
    PrivateKey key = Pem.key(keyFile);
    if (!Certificates.match(certificate, key)) {
      throw new TlsFileException(keyFile, "is not the key of " + AUTHORITY + " beside it");
    }
    if (certificate.getBasicConstraints() < 0) {
      throw new TlsFileException(file, "is not a certificate that may sign others");
    }
    return new Authority(certificate, key);
  }

  private Authority newAuthority(Path file, Path keyFile, String nodeId, Instant now)
      throws IOException {
    KeyPair keys = newKeys();
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    // a name of its own: whoever trusts several authorities finds the right one by it
    String name = "Blackhole development CA " + HexFormat.of().formatHex(random);
    X509Certificate certificate =
        issuer.get().authority(keys, name, now.minus(BACKDATED), now.plus(AUTHORITY_VALIDITY));
    writeNewKey(keyFile, keys.getPrivate());
    write(file, Pem.text(certificate), "rw-r--r--");
    return new Authority(certificate, keys.getPrivate());
  }

  private void issue(Request request, TlsFiles files, Authority authority, Instant now)
      throws IOException {
    KeyPair keys = newKeys();
    X509Certificate certificate =
        issuer
            .get()
            .node(
                authority,
                keys.getPublic(),
                request.names(),
                now.minus(BACKDATED),
                until(request, authority, now));
    if (Files.exists(files.certificate())) {
      keepAside(files.certificate());
    }
    writeNewKey(files.key(), keys.getPrivate());
    write(files.certificate(), Pem.text(certificate), "rw-r--r--");
  }

  /** For the same key: so only one file changes, and nobody can read two that do not fit. */
  private void renew(
      Request request, TlsFiles files, X509Certificate old, Authority authority, Instant now)
      throws IOException {
    X509Certificate certificate =
        issuer
            .get()
            .node(
                authority,
                old.getPublicKey(),
                request.names(),
                now.minus(BACKDATED),
                until(request, authority, now));
    write(files.certificate(), Pem.text(certificate), "rw-r--r--");
  }

  /** A certificate that outlives its authority is no use. */
  private static Instant until(Request request, Authority authority, Instant now) {
    Instant wanted = now.plus(request.validity());
    Instant last = Certificates.end(authority.certificate());
    return wanted.isAfter(last) ? last : wanted;
  }

  private static void shareAuthority(Request request, TlsFiles files) throws IOException {
    Path own = request.authority().resolve(AUTHORITY);
    if (!Files.exists(files.certificateAuthority())) {
      write(files.certificateAuthority(), Files.readString(own), "rw-r--r--");
    }
  }

  private static void requireKey(TlsFiles files) throws TlsFileException {
    if (!Files.exists(files.key())) {
      throw new TlsFileException(
          files.key(), "does not exist, expected the key of " + CERTIFICATE + " beside it");
    }
  }

  /** Reads it all again, so that what is reported is what others will find. */
  private static Result result(TlsFiles files, Instant now, Origin authority, Origin certificate)
      throws TlsFileException {
    X509Certificate signer = Certificates.valid(files.certificateAuthority(), now);
    X509Certificate own = Certificates.valid(files.certificate(), now);
    if (!Certificates.match(own, Pem.key(files.key()))) {
      throw new TlsFileException(files.key(), "is not the key of " + CERTIFICATE + " beside it");
    }
    if (!Certificates.isSignedBy(own, signer)) {
      throw new TlsFileException(
          files.certificate(), "is not signed by " + AUTHORITY + " beside it");
    }
    return new Result(files, signer, authority, own, certificate, Optional.empty());
  }

  private static TlsFiles files(Path folder) {
    return new TlsFiles(
        folder.resolve(CERTIFICATE), folder.resolve(KEY), folder.resolve(AUTHORITY));
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /** A key without its certificate is what a crash leaves; it may be somebody's all the same. */
  private static void writeNewKey(Path file, PrivateKey key) throws IOException {
    if (Files.exists(file)) {
      keepAside(file);
    }
    write(file, Pem.text(key), "rw-------");
  }

  private static void keepAside(Path file) throws IOException {
    Files.move(
        file,
        file.resolveSibling(file.getFileName() + ".old"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void directory(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static void write(Path file, String text, String permissions) throws IOException {
    // for its owner alone from the first byte on
    Path temporary = Files.createTempFile(file.resolveSibling(""), ".new-", ".tmp");
    try {
      Files.writeString(temporary, text);
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
