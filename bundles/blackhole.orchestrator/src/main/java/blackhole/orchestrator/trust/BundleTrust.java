package blackhole.orchestrator.trust;

import blackhole.orchestrator.tls.Pem;
import blackhole.orchestrator.tls.TlsFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose bundles a node takes: those of whom it trusts by certificates in files, or everybody's
 * where no file is named. The launcher's own are not asked. Thread-safe; reads files.
 */
public final class BundleTrust {
  /** Takes all. */
  public static final BundleTrust EVERYBODY = new BundleTrust(List.of());

  private static final String ASKED = ", and node.trust asks for a trusted signature";

  private final List<Path> certificates;

  /** What was read and taken, as it was then. */
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  /**
   * @param certificates PEM files, of which each is read at each question, so that they can change
   */
  public BundleTrust(List<Path> certificates) {
    this.certificates = List.copyOf(certificates);
  }

  /** Why a jar is not taken, in words that follow its name; empty when it is. */
  public Optional<String> refusal(Path jar) {
    if (certificates.isEmpty()) {
      return Optional.empty();
    }
    try {
      return SignedJar.refusal(jar, new TrustedSigners(trusted(), Instant.now()))
          .map(why -> why + ASKED);
    } catch (TlsFileException e) {
      return Optional.of("cannot be judged: of node.trust, " + e.getMessage());
    } catch (IOException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  /**
   * As {@link #refusal}, of a file that nobody changes: once taken, it stays taken, whatever
   * expires meanwhile, so that a crash at night is not the end of a service.
   */
  public Optional<String> refusalOnce(Path jar) {
    if (certificates.isEmpty()) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes now = Files.readAttributes(jar, BasicFileAttributes.class);
      String stamp = jar + " " + now.size() + " " + now.lastModifiedTime() + " " + now.fileKey();
      if (taken.contains(stamp)) {
        return Optional.empty();
      }
      Optional<String> refusal = refusal(jar);
      if (refusal.isEmpty()) {
        boolean unused = taken.add(stamp);
      }
      return refusal;
    } catch (IOException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  private Set<X509Certificate> trusted() throws TlsFileException {
    Set<X509Certificate> all = new HashSet<>();
    for (Path file : certificates) {
      all.addAll(Pem.certificates(file));
    }
    return all;
  }
}
