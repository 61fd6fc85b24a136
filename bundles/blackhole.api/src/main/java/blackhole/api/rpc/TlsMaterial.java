package blackhole.api.rpc;

import blackhole.api.host.TlsFiles;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.CertificateUtils;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificates for mutual TLS, looked at again from time to time, so that new ones are used from
 * the next handshake on. What cannot be used (a file that is gone, a certificate whose key has not
 * been replaced yet) is logged, and the last good ones stay. Thread-safe.
 *
 * <p>gRPC's managers can look by themselves, but no more often than once a minute, and only for a
 * certificate *and* a key that have both changed, which a renewal with the same key is not.
 */
public final class TlsMaterial implements AutoCloseable {
  /** Between looks at the files. */
  public static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);

  private static final System.Logger LOG = System.getLogger(TlsMaterial.class.getName());

  /** How a file looks from outside; a replaced one has another key, even in the same second. */
  private record Look(FileTime modified, long size, @Nullable Object key) {
    static Look at(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Look(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  private final TlsFiles files;
  private final Path authority;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager trust;
  private @Nullable Future<?> watch;

  // by one thread at a time: the one that opens, then the timer's
  private List<Look> loaded = List.of();
  private String complaint = "";

  private TlsMaterial(TlsFiles files, Path authority) throws GeneralSecurityException {
    trust = AdvancedTlsX509TrustManager.newBuilder().build();
    this.files = files;
    this.authority = authority;
  }

  /**
   * Reads the files, and goes on to watch them.
   *
   * @param authority whom to trust; {@link TlsFiles#certificateAuthority()} or another
   * @param timer does the looking; it reads files, so not an event loop
   * @throws IOException when a file cannot be read
   * @throws GeneralSecurityException when one holds something else than it should
   */
  public static TlsMaterial open(
      TlsFiles files, Path authority, Duration reloadInterval, ScheduledExecutorService timer)
      throws IOException, GeneralSecurityException {
    TlsMaterial material = new TlsMaterial(files, authority);
    material.load(material.looks());
    long nanos = reloadInterval.toNanos();
    material.watch =
        timer.scheduleWithFixedDelay(material::loadIfChanged, nanos, nanos, TimeUnit.NANOSECONDS);
    return material;
  }

  private List<Look> looks() throws IOException {
    return List.of(Look.at(files.certificate()), Look.at(files.key()), Look.at(authority));
  }

  private void loadIfChanged() {
    try {
      List<Look> now = looks();
      if (!now.equals(loaded)) {
        load(now);
        complaint = "";
        LOG.log(Level.INFO, "uses the new certificates of {0}", files.certificate().getParent());
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      String problem = e.toString();
      if (!problem.equals(complaint)) {
        complaint = problem;
        LOG.log(Level.WARNING, "new certificates cannot be used, the old ones stay: {0}", problem);
      }
    }
  }

  /** All or nothing. */
  private void load(List<Look> looks) throws IOException, GeneralSecurityException {
    X509Certificate[] chain = certificates(files.certificate());
    PrivateKey key = privateKey(files.key());
    if (!belong(chain[0].getPublicKey(), key)) {
      throw new GeneralSecurityException(files.key() + " is not the key of " + files.certificate());
    }
    trust.updateTrustCredentials(certificates(authority));
    keys.updateIdentityCredentials(chain, key);
    loaded = looks;
  }

  private static X509Certificate[] certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate[] certificates = CertificateUtils.getX509Certificates(in);
      if (certificates.length == 0) {
        throw new GeneralSecurityException(file + " holds no certificate");
      }
      return certificates;
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateUtils.getPrivateKey(in);
    }
  }

  private static boolean belong(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    if (!publicKey.getAlgorithm().equals(privateKey.getAlgorithm())) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            privateKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
    byte[] text = {1, 2, 3};
    signature.initSign(privateKey);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(text);
    return signature.verify(signed);
  }

  public X509ExtendedKeyManager keyManager() {
    return keys;
  }

  /** Checks, of a server, that its certificate is for the name that was called. */
  public X509ExtendedTrustManager trustManager() {
    return trust;
  }

  /** Looks no more. What was made with it works on. */
  @Override
  public void close() {
    if (watch != null) {
      watch.cancel(false);
    }
  }
}
