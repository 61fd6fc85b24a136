package blackhole.orchestrator.tls;

import blackhole.api.host.TlsFiles;
import blackhole.orchestrator.tls.x509.X509Issuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Certificates for tests: an authority in a folder, and nodes below it. */
public final class TestTls {
  private final Path folder;

  public TestTls(Path folder) {
    this.folder = folder;
  }

  /** Valid for a year from now. */
  public TlsFiles node(String nodeId) throws IOException {
    return node(nodeId, nodeId, Clock.systemUTC(), Duration.ofDays(365));
  }

  /** One that has expired a day ago, by an authority that has not. */
  public TlsFiles expired(String nodeId, String subfolder) throws IOException {
    Clock then = Clock.fixed(Instant.now().minus(Duration.ofDays(60)), ZoneOffset.UTC);
    return node(nodeId, subfolder, then, Duration.ofDays(59));
  }

  /** One that is valid from tomorrow. */
  public TlsFiles notYetValid(String nodeId, String subfolder) throws IOException {
    Clock then = Clock.fixed(Instant.now().plus(Duration.ofDays(1)), ZoneOffset.UTC);
    return node(nodeId, subfolder, then, Duration.ofDays(59));
  }

  public TlsFiles node(String nodeId, String subfolder, Clock clock, Duration validity)
      throws IOException {
    if (!Files.exists(folder.resolve(DevelopmentTls.AUTHORITY))) {
      // an authority older than all that it signs
      Clock old = Clock.fixed(Instant.now().minus(Duration.ofDays(100)), ZoneOffset.UTC);
      prepare("first", "first", old, validity);
    }
    return prepare(nodeId, subfolder, clock, validity);
  }

  private TlsFiles prepare(String nodeId, String subfolder, Clock clock, Duration validity)
      throws IOException {
    return new DevelopmentTls(X509Issuer::new, clock)
        .prepare(
            new DevelopmentTls.Request(
                folder,
                folder.resolve(subfolder),
                new NodeNames(nodeId, List.of("localhost", "127.0.0.1", "::1")),
                validity,
                false))
        .files();
  }
}
