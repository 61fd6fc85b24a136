package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.api.supervision.Updates;
import blackhole.orchestrator.trust.BundleTrust;
import blackhole.orchestrator.trust.Signers;
import blackhole.orchestrator.versions.Entry;
import blackhole.orchestrator.versions.Entry.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything is touched. */
class CandidateTest {
  private static final Updates.Options STRICT = new Updates.Options(false, false, false, false);

  @TempDir Path directory;

  private static Candidate read(Path file) throws Candidate.RefusedException {
    return Candidate.of(Candidate.bytes(file), file.getFileName().toString());
  }

  @Test
  void whatIsNoBundleIsNamed() throws IOException {
    refused(directory.resolve("none.jar"), "does not exist");
    refused(directory, "is not a file");
    refused(Path.of("http:/example.org/a.jar"), "is a URL");
    refused(Files.writeString(directory.resolve("text.jar"), "no jar"), "text.jar is not a jar");
    byte[] whole = Files.readAllBytes(Jars.version(directory, "1.0.0"));
    Path half = directory.resolve("half.jar");
    Files.write(half, Arrays.copyOf(whole, whole.length / 2));
    refused(half, "half.jar is a damaged jar");
    Path bare = directory.resolve("bare.jar");
    try (var jar = new JarOutputStream(Files.newOutputStream(bare))) {
      jar.putNextEntry(new ZipEntry("a"));
    }
    refused(bare, "bare.jar is a jar without a manifest");
    refused(bundle("Bundle-SymbolicName", ""), "is no OSGi bundle");
    refused(bundle("Bundle-Version", "one"), "has a Bundle-Version that is none: one");
  }

  private static void refused(Path file, String why) {
    assertThatExceptionOfType(Candidate.RefusedException.class)
        .isThrownBy(() -> read(file))
        .withMessageContaining(why);
  }

  @Test
  void aBundleThatNobodyTrustedHasSignedIsRefused() throws Exception {
    Signers signers = new Signers(directory);
    Signers.Signer ada = signers.alone("Ada");
    BundleTrust trust = new BundleTrust(List.of(signers.pem(ada)));
    Path unsigned = signers.bundle(Jars.NAME, "1.0.0");

    Candidate signed =
        Candidate.of(Candidate.bytes(signers.signed(unsigned, ada)), "signed.jar", trust);
    assertThat(signed.info().symbolicName()).isEqualTo(Jars.NAME);
    assertThatExceptionOfType(Candidate.RefusedException.class)
        .isThrownBy(() -> Candidate.of(Candidate.bytes(unsigned), "a.jar", trust))
        .withMessage("a.jar is not signed, and node.trust asks for a trusted signature");
    // what is in force is not asked again
    assertThat(read(unsigned).version()).isEqualTo(signed.version());
  }

  private Path bundle(String header, String value) throws IOException {
    return Jars.bundle(directory.resolve("b.jar"), Map.of(header, value));
  }

  @Test
  void anotherVersionOfTheSameBundleIsAdmitted() throws Exception {
    Candidate present = read(Jars.version(directory, "1.0.0"));

    assertThat(refusal(read(Jars.version(directory, "1.0.1")), present)).isEmpty();
    assertThat(refusal(read(bundle("Bundle-SymbolicName", "other")), present))
        .contains("it is bundle other, expected a.service");
    assertThat(refusal(read(bundle("Fragment-Host", "x")), present).orElseThrow())
        .contains("fragment");
    assertThat(
            refusal(
                    read(bundle("Export-Package", "a;version=\"1,java.b\", java.lang;java.util")),
                    present)
                .orElseThrow())
        .startsWith("it exports java.lang, java.util");
    assertThat(refusal(read(bundle("Blackhole-Data", "single")), present).orElseThrow())
        .contains("Blackhole-Data: single", "none");
    assertThat(refusal(read(bundle("Bundle-Version", "1.0.0")), present).orElseThrow())
        .contains("1.0.0 with other bytes");
  }

  private static Optional<String> refusal(Candidate candidate, Candidate present) {
    return Admission.refusal(candidate, present, List.of(), STRICT);
  }

  @Test
  void anOlderOneIsForWhoSaysSoOrWhereItWasBefore() throws Exception {
    Candidate present = read(Jars.version(directory, "1.2.0"));
    Candidate older = read(Jars.version(directory, "1.1.9"));

    assertThat(refusal(older, present).orElseThrow()).contains("--allow-older");
    assertThat(
            Admission.refusal(
                older, present, List.of(), new Updates.Options(true, false, false, false)))
        .isEmpty();
    assertThat(Admission.refusal(older, present, List.of(entry(older, Standing.REPLACED)), STRICT))
        .isEmpty();
    assertThat(Admission.refusal(older, present, List.of(entry(older, Standing.REFUSED)), STRICT))
        .isPresent();
  }

  @Test
  void whatNobodyCouldReadAgainIsForWhoSaysSo() throws Exception {
    Candidate unknown = formatted("1.0.0", "", "");
    Candidate first = formatted("1.1.0", "1", "");
    Candidate bridge = formatted("1.2.0", "1", "1, 2");
    Candidate second = formatted("1.3.0", "2", "1,2");
    Candidate third = formatted("1.4.0", "3", "3");
    Updates.Options oneWay = new Updates.Options(false, false, true, false);

    assertThat(refusal(second, unknown)).isEmpty();
    assertThat(refusal(first, unknown)).isEmpty();
    assertThat(refusal(second, bridge)).isEmpty();
    assertThat(refusal(second, first).orElseThrow())
        .isEqualTo(
            "it would leave data of format 2, not of 1, as version 1.1.0 reads it, so there would"
                + " be no way back; --no-rollback takes it all the same");
    assertThat(Admission.refusal(second, first, List.of(), oneWay)).isEmpty();
    assertThat(Admission.refusal(third, second, List.of(), oneWay))
        .contains("version 1.3.0 has left data of format 2, not of 3, as it reads it");
    assertThat(Admission.noWayBack(bridge, second)).isEmpty();
    assertThat(Admission.noWayBack(unknown, second)).isEmpty();
    assertThat(Admission.noWayBack(first, second).orElseThrow())
        .startsWith("version 1.3.0 has left data of format 2, not of 1, as version 1.1.0 reads it");
  }

  private Candidate formatted(String version, String writes, String reads) throws Exception {
    return read(
        Jars.bundle(
            directory.resolve("format.jar"),
            Map.of(
                "Bundle-Version",
                version,
                "Blackhole-Data",
                "shared",
                "Blackhole-Data-Writes",
                writes,
                "Blackhole-Data-Reads",
                reads)));
  }

  private static Entry entry(Candidate candidate, Standing standing) {
    return new Entry(
        Optional.of(candidate.version().toString()),
        Optional.of(candidate.sha256()),
        Instant.EPOCH,
        "shell",
        Optional.of(Entry.IN_PLACE),
        standing,
        "");
  }
}
