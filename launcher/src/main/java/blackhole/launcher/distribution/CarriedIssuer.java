package blackhole.launcher.distribution;

import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.tls.CertificateIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What signs certificates is in the orchestrator's jar, and stands on Bouncy Castle: too large to
 * be in the launcher a second time. So it is loaded from the carried jars, above the launcher's own
 * classes, which have all that it shares with them.
 */
final class CarriedIssuer {
  private static final String ISSUER = "blackhole.orchestrator.tls.x509.X509Issuer";

  private CarriedIssuer() {}

  /** From jars that are unpacked. */
  static CertificateIssuer load(Distribution distribution) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path jar : distribution.certificatesClassPath()) {
      urls.add(jar.toUri().toURL());
    }
    // open for as long as the process lives, which is not long
    ClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), CarriedIssuer.class.getClassLoader());
    try {
      return loader
          .loadClass(ISSUER)
          .asSubclass(CertificateIssuer.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IOException("this launcher can't make certificates; build it anew", e);
    }
  }

  /** As {@link #load}, for those who may not throw. */
  static CertificateIssuer loadUnchecked(Distribution distribution) {
    try {
      return load(distribution);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
