package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.tls.Certificates;
import blackhole.orchestrator.tls.DevelopmentTls;
import blackhole.orchestrator.tls.DevelopmentTls.Origin;
import blackhole.orchestrator.tls.DevelopmentTls.Result;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code certs} prints: which files there are, what they are for, and where they go. */
final class CertsReport {
  private final PrintStream out;
  private final PrintStream err;

  CertsReport(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  void authority(Result result, Path folder) {
    out.println("certificate authority (" + word(result.authorityOrigin()) + ")");
    certificate(folder.resolve(DevelopmentTls.AUTHORITY), result.authority());
    Path key = folder.resolve(DevelopmentTls.AUTHORITY_KEY);
    field("key", Files.exists(key) ? key + " (signs nodes; no node needs it to run)" : "not here");
  }

  /**
   * @param hosts that were asked for, which a certificate that was found may lack
   */
  void node(String nodeId, Result result, List<String> hosts) {
    out.println();
    out.println(nodeId + " (" + word(result.certificateOrigin()) + ")");
    certificate(result.files().certificate(), result.certificate());
    field("names", String.join(", ", Certificates.names(result.certificate())));
    field("key", result.files().key().toString());
    result.warning().ifPresent(err::println);
    List<String> missing = new ArrayList<>(hosts);
    missing.removeAll(Certificates.names(result.certificate()));
    if (result.certificateOrigin() == Origin.FOUND && !missing.isEmpty()) {
      err.println(
          "the certificate of "
              + nodeId
              + " was there already, and is not for "
              + String.join(", ", missing)
              + "; --force makes it anew");
    }
  }

  private void certificate(Path file, X509Certificate certificate) {
    field("certificate", file.toString());
    field("subject", certificate.getSubjectX500Principal().getName());
    field(
        "valid",
        Certificates.format(certificate.getNotBefore().toInstant())
            + " to "
            + Certificates.format(Certificates.end(certificate)));
  }

  void useAtHome(NodeHome home) {
    out.println();
    out.println("The node of this home uses them, unless its configuration names others.");
    out.println("Programs that call it need " + home.tls().resolve(DevelopmentTls.AUTHORITY));
    out.println(
        "and a certificate that the same authority has signed: certs --node NAME --out DIR");
    out.println("--ca " + home.tls() + " makes one.");
  }

  void useElsewhere(String nodeId, Result result) {
    Path folder = result.files().certificate().resolveSibling("");
    out.println();
    out.println("To use it, copy " + folder + " to the machine of " + nodeId + ", as HOME/tls;");
    out.println("or to any other place, and name the files in its blackhole.yaml:");
    out.println();
    out.println("  node:");
    out.println("    id: " + nodeId);
    out.println("    tls:");
    out.println("      certificate: " + yaml(result.files().certificate()));
    out.println("      key: " + yaml(result.files().key()));
    out.println("      certificate_authority: " + yaml(result.files().certificateAuthority()));
  }

  private static String yaml(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./-]+")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void field(String name, String value) {
    out.println(String.format(Locale.ROOT, "  %-11s  %s", name, value));
  }

  private static String word(Origin origin) {
    return origin.name().toLowerCase(Locale.ROOT);
  }
}
