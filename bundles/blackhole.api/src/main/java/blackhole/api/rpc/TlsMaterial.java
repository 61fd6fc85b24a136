package blackhole.api.rpc;

import blackhole.api.host.TlsFiles;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Certificates for mutual TLS, looked at again from time to time, so that new ones are used from
 * the next handshake on. A file that cannot be read is logged, and the last good one stays.
 * Thread-safe.
 */
public final class TlsMaterial implements AutoCloseable {
  /** Between looks at the files. */
  public static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);

  private final AdvancedTlsX509KeyManager keys;
  private final AdvancedTlsX509TrustManager trust;
  private final AutoCloseable[] watches;

  private TlsMaterial(
      AdvancedTlsX509KeyManager keys, AdvancedTlsX509TrustManager trust, AutoCloseable... watches) {
    this.keys = keys;
    this.trust = trust;
    this.watches = watches;
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
    long nanos = reloadInterval.toNanos();
    AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    AdvancedTlsX509TrustManager trust = AdvancedTlsX509TrustManager.newBuilder().build();
    AdvancedTlsX509KeyManager.Closeable keyWatch =
        keys.updateIdentityCredentials(
            files.certificate().toFile(), files.key().toFile(), nanos, TimeUnit.NANOSECONDS, timer);
    try {
      AdvancedTlsX509TrustManager.Closeable trustWatch =
          trust.updateTrustCredentials(authority.toFile(), nanos, TimeUnit.NANOSECONDS, timer);
      return new TlsMaterial(keys, trust, keyWatch::close, trustWatch::close);
    } catch (IOException | GeneralSecurityException e) {
      keyWatch.close();
      throw e;
    }
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
    for (AutoCloseable watch : watches) {
      try {
        watch.close();
      } catch (Exception e) {
        throw new IllegalStateException("ending a watch cannot fail", e);
      }
    }
  }
}
