package blackhole.shell.doctor;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a home, and the disk they are on. Whatever vanishes while it is looked at was not
 * there.
 */
public final class HomeChecks {
  private static final long LOW_BYTES = 1L << 30;
  private static final long FULL_BYTES = 100L << 20;
  private static final int LOW_PERCENT = 5;

  /** Time enough for a person who looks now and then. */
  private static final Duration EXPIRES_SOON = Duration.ofDays(14);

  private final NodeHome home;
  private final Clock clock;

  public HomeChecks(NodeHome home, Clock clock) {
    this.home = home;
    this.clock = clock;
  }

  /** Is there room to write? */
  public List<Finding> disk() {
    try {
      FileStore store = Files.getFileStore(home.root());
      if (store.isReadOnly()) {
        return List.of(
            Finding.error(
                home.root(), "its file system is read-only", "mount it for writing; see dmesg"));
      }
      return room(store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException e) {
      return List.of(Finding.error(home.root(), "cannot be looked at: " + e, "see to the disk"));
    }
  }

  List<Finding> room(long usableBytes, long totalBytes) {
    String left = (usableBytes >> 20) + " MB are left on its disk";
    String advice = "make room: logs and heap dumps are in " + home.log();
    if (usableBytes < FULL_BYTES) {
      return List.of(Finding.error(home.root(), left, advice));
    }
    boolean low = usableBytes < LOW_BYTES || usableBytes < totalBytes / 100 * LOW_PERCENT;
    return low ? List.of(Finding.warning(home.root(), left, advice)) : List.of();
  }

  /**
   * Certificates that expired, or soon will.
   *
   * @param configured files of certificates besides those in the home
   */
  public List<Finding> certificates(List<Path> configured) {
    List<Path> files = new ArrayList<>(configured);
    files.addAll(list(home.tls(), "*.pem"));
    List<Finding> findings = new ArrayList<>();
    for (Path file : files.stream().distinct().toList()) {
      try (InputStream in = Files.newInputStream(file)) {
        for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          validity(file, (X509Certificate) each).ifPresent(findings::add);
        }
      } catch (NoSuchFileException e) {
        // there is none
      } catch (IOException | CertificateException e) {
        findings.add(
            Finding.error(
                file, "cannot be read as a certificate: " + e.getMessage(), "replace it"));
      }
    }
    return findings;
  }

  private Optional<Finding> validity(Path file, X509Certificate certificate) {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      return Optional.of(
          Finding.error(
              file,
              "is not valid before " + from,
              "is this machine's clock right? it says " + now));
    }
    if (!now.isBefore(until)) {
      return Optional.of(
          Finding.error(file, "expired at " + until, "renew it, and restart the node"));
    }
    return now.plus(EXPIRES_SOON).isBefore(until)
        ? Optional.empty()
        : Optional.of(
            Finding.warning(
                file, "expires at " + until, "renew it, and restart the node before that"));
  }

  /** Did the clock go back? */
  public List<Finding> clock(Optional<Instant> lastEvent) {
    Instant now = clock.instant();
    return lastEvent.filter(event -> event.isAfter(now.plusSeconds(1))).stream()
        .map(
            event ->
                Finding.warning(
                    "clock",
                    "says " + now + ", but the journal's last event was at " + event,
                    "set this machine's clock, and have it kept by NTP"))
        .toList();
  }

  /** Sockets at which nobody listens. */
  public List<Finding> sockets() {
    return list(home.run(), "*.sock").stream()
        .filter(HomeChecks::isDead)
        .map(
            socket ->
                Finding.warning(
                    socket,
                    "nobody listens at it: it was left by a process that was killed",
                    "remove it; or restart the node, which does"))
        .toList();
  }

  private static boolean isDead(Path socket) {
    try (SocketChannel unused = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return false;
    } catch (IOException | RuntimeException e) {
      return Files.exists(socket, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** What is large, and of use to somebody who reads it only. */
  public List<Finding> dumps() {
    return list(home.log(), "*.hprof").stream()
        .map(
            dump ->
                Finding.warning(
                    dump,
                    "a heap dump of " + (dump.toFile().length() >> 20) + " MB, with secrets in it",
                    "look into it, and remove it"))
        .toList();
  }

  private static List<Path> list(Path folder, String names) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, names)) {
      found.forEach(files::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    files.sort(null);
    return files;
  }
}
