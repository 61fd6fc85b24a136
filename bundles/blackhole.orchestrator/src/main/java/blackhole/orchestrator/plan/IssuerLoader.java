package blackhole.orchestrator.plan;

import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.tls.CertificateIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads what signs certificates from the carried jars. It stands on Bouncy Castle, whose manifests
 * alone take a tenth of a second to read: too much for every orchestrator's framework, when most
 * nodes never make a certificate; and too large to be in the launcher a second time.
 */
public final class IssuerLoader {
  private static final String PACKAGE = "blackhole.orchestrator.tls.x509.";
  private static final String LIBRARY = "org.bouncycastle.";

  private IssuerLoader() {}

  /**
   * The issuer. What it is loaded with can be collected along with it.
   *
   * @param distribution whose {@link Distribution#certificatesClassPath} is unpacked
   * @throws UncheckedIOException when the jars are not what they should be
   */
  public static CertificateIssuer load(Distribution distribution) {
    try {
      return new Loader(urls(distribution))
          .loadClass(PACKAGE + "X509Issuer")
          .asSubclass(CertificateIssuer.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new UncheckedIOException(
          new IOException("this launcher can't make certificates; build it anew", e));
    }
  }

  private static URL[] urls(Distribution distribution) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (Path jar : distribution.certificatesClassPath()) {
      urls.add(jar.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  /**
   * Takes these two packages from the jars, even if a parent has the first as well, because that
   * has no library to go with it. The types that both sides share come from the parent.
   */
  private static final class Loader extends URLClassLoader {
    Loader(URL[] jars) {
      super(jars, IssuerLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE) && !name.startsWith(LIBRARY)) {
        return fromPlatformOrParent(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    /** A bundle's loader has of the JDK only what the bundle imports. */
    private Class<?> fromPlatformOrParent(String name, boolean resolve)
        throws ClassNotFoundException {
      try {
        return ClassLoader.getPlatformClassLoader().loadClass(name);
      } catch (ClassNotFoundException e) {
        return super.loadClass(name, resolve);
      }
    }
  }
}
