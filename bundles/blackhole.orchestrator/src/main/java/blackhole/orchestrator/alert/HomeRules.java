package blackhole.orchestrator.alert;

import blackhole.orchestrator.alert.Reading.Key;
import blackhole.orchestrator.alert.Reading.Level;
import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.AlertRule;
import blackhole.orchestrator.tls.Certificates;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rules on certificates, and on the disk that the home is on. */
public final class HomeRules {
  /** As {@code doctor} has it. */
  private static final long LOW_BYTES = 1L << 30;

  private static final long FULL_BYTES = 100L << 20;

  /** Between the beginning of an alert and its end. */
  private static final double ROOM = 1.1;

  private HomeRules() {}

  /** Of the first certificate of a file, which is the one that counts. */
  public static List<Reading> certificate(
      Path file, X509Certificate certificate, Instant now, AlertConfig config) {
    Instant end = Certificates.end(certificate);
    boolean expired = now.isAfter(end);
    boolean expires = now.plus(config.certificateBefore()).isAfter(end);
    String when = Certificates.format(end);
    return List.of(
        certificate(AlertRule.CERTIFICATE_EXPIRES, file, expires && !expired, "expires soon", when),
        certificate(AlertRule.CERTIFICATE_EXPIRED, file, expired, "has expired", when));
  }

  private static Reading certificate(
      AlertRule rule, Path file, boolean bad, String what, String when) {
    return new Reading(
        new Key(rule, Optional.empty(), file.toString()),
        bad ? Level.BAD : Level.GOOD,
        "the certificate in " + file + " " + what,
        "it is valid until " + when + "; a new file is used without a restart");
  }

  /** Of the disk with the home on it. */
  public static List<Reading> disk(
      Path home, long usableBytes, long totalBytes, AlertConfig config) {
    double low = Math.max(LOW_BYTES, totalBytes * config.diskFree());
    boolean full = usableBytes < FULL_BYTES;
    return List.of(
        disk(
            AlertRule.DISK_SPACE_LOW,
            home,
            usableBytes,
            // the worse one says it
            full ? Level.GOOD : level(usableBytes, low),
            "the disk with " + home + " has little room"),
        disk(
            AlertRule.DISK_FULL,
            home,
            usableBytes,
            level(usableBytes, FULL_BYTES),
            "the disk with " + home + " is full"));
  }

  private static Level level(long usableBytes, double least) {
    if (usableBytes < least) {
      return Level.BAD;
    }
    return usableBytes >= least * ROOM ? Level.GOOD : Level.BETWEEN;
  }

  private static Reading disk(
      AlertRule rule, Path home, long usableBytes, Level level, String message) {
    return new Reading(
        new Key(rule, Optional.empty(), home.toString()),
        level,
        message,
        (usableBytes >> 20) + " MB are left; logs and heap dumps are in its log folder");
  }
}
