package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.NodeKeys;
import blackhole.orchestrator.tls.Certificates;
import blackhole.orchestrator.tls.Pem;
import blackhole.orchestrator.tls.TlsFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether the certificates of those who sign bundles are there, and of use. */
final class TrustChecks {
  private TrustChecks() {}

  /**
   * @param folder where relative paths begin
   * @return whether they are of use
   */
  static boolean check(Values values, Path folder, Problems problems) {
    String path = NodeKeys.TRUST.path();
    boolean useful = true;
    for (String text : values.get(NodeKeys.TRUST)) {
      Position position = ListPositions.of(values, NodeKeys.TRUST, text);
      Optional<Path> file = NodeReader.resolved(folder, text);
      if (file.isEmpty()) {
        problems.error(position, path, "can't be a path in this system's encoding");
        useful = false;
        continue;
      }
      String shown = Quoting.visible(file.get().toString());
      try {
        warnOfEnd(Pem.certificates(file.get()), position, path, shown, problems);
      } catch (TlsFileException e) {
        problems.error(position, path, shown + " " + Quoting.visible(e.reason()));
        useful = false;
      }
    }
    return useful;
  }

  private static void warnOfEnd(
      List<X509Certificate> certificates,
      Position position,
      String path,
      String shown,
      Problems problems) {
    Instant now = Instant.now();
    for (X509Certificate certificate : certificates) {
      String words =
          Certificates.invalidity(certificate, now)
              .orElseGet(() -> "expires on " + Certificates.format(Certificates.end(certificate)));
      if (Certificates.isDue(certificate, now)) {
        problems.warning(
            position, path, shown + " " + words + ", and with it what is signed by its leave");
      }
    }
  }
}
