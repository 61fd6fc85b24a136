package blackhole.orchestrator.update;

import blackhole.orchestrator.config.parser.BundleInfo;
import blackhole.orchestrator.trust.BundleTrust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.osgi.framework.Version;

/**
 * A version of a service's bundle, as its bytes say what it is. It is read once, and not from the
 * file again, which somebody may be writing to.
 *
 * @param sha256 in hex
 * @param exportsJava packages of the JDK that it claims to export
 */
record Candidate(
    byte[] bytes,
    String sha256,
    BundleInfo info,
    DataFormat format,
    Version version,
    boolean fragment,
    List<String> exportsJava) {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final Pattern CLAUSES = Pattern.compile(",");

  /** Why a file cannot be a version of anything, in words. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    RefusedException(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }

  /** The bytes of a file that is one. */
  static byte[] bytes(Path file) throws RefusedException {
    String text = file.toString();
    if (text.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*")) {
      throw new RefusedException(
          text + " is a URL: give it with the SHA-256 of its bytes, or download it");
    }
    if (!Files.exists(file)) {
      throw new RefusedException(file + " does not exist");
    }
    if (!Files.isRegularFile(file)) {
      throw new RefusedException(file + " is not a file");
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new RefusedException(file + " cannot be read: " + e.getMessage());
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /**
   * One that was taken before.
   *
   * @param name of the file, for messages
   */
  static Candidate of(byte[] bytes, String name) throws RefusedException {
    return of(bytes, name, BundleTrust.EVERYBODY);
  }

  /**
   * @param name of the file, for messages
   * @param trust who may have signed it
   */
  static Candidate of(byte[] bytes, String name, BundleTrust trust) throws RefusedException {
    Manifest manifest = manifest(bytes, name, trust);
    BundleInfo info =
        BundleInfo.of(manifest)
            .orElseThrow(
                () ->
                    new RefusedException(
                        name + " is no OSGi bundle: its manifest has no Bundle-SymbolicName"));
    Attributes headers = manifest.getMainAttributes();
    return new Candidate(
        bytes,
        sha256(bytes),
        info,
        DataFormat.of(headers),
        version(headers, name),
        headers.getValue("Fragment-Host") != null,
        exportsJava(headers));
  }

  /** Reads all of the jar: one that was cut short may well begin in good order. */
  private static Manifest manifest(byte[] bytes, String name, BundleTrust trust)
      throws RefusedException {
    Path copy;
    try {
      copy = Files.createTempFile("blackhole-candidate-", ".jar");
    } catch (IOException e) {
      throw new RefusedException("there is no room to look at " + name + ": " + e.getMessage());
    }
    try {
      Files.write(copy, bytes);
      // whether it is signed is asked apart, for a reason in words
      try (JarFile jar = new JarFile(copy.toFile(), false)) {
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
          long unused = jar.getInputStream(entry).transferTo(OutputStream.nullOutputStream());
        }
        Manifest manifest = jar.getManifest();
        if (manifest == null) {
          throw new RefusedException(name + " is a jar without a manifest");
        }
        Optional<String> refusal = trust.refusal(copy);
        if (refusal.isPresent()) {
          throw new RefusedException(name + " " + refusal.get());
        }
        return manifest;
      }
    } catch (IOException e) {
      throw new RefusedException(
          name
              + (beginsAsJar(bytes)
                  ? " is a damaged jar, perhaps cut short: " + e.getMessage()
                  : " is not a jar"));
    } finally {
      delete(copy);
    }
  }

  private static boolean beginsAsJar(byte[] bytes) {
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(bytes))) {
      return in.getManifest() != null || in.getNextEntry() != null;
    } catch (IOException e) {
      return bytes.length > 1 && bytes[0] == 'P' && bytes[1] == 'K';
    }
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      copy.toFile().deleteOnExit();
    }
  }

  private static Version version(Attributes headers, String name) throws RefusedException {
    try {
      return Version.parseVersion(headers.getValue("Bundle-Version"));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          name + " has a Bundle-Version that is none: " + headers.getValue("Bundle-Version"));
    }
  }

  private static List<String> exportsJava(Attributes headers) {
    String exports = headers.getValue("Export-Package");
    return exports == null
        ? List.of()
        : CLAUSES
            .splitAsStream(QUOTED.matcher(exports).replaceAll(""))
            .flatMap(clause -> Pattern.compile(";").splitAsStream(clause))
            .map(String::strip)
            .filter(part -> !part.contains("=") && part.startsWith("java."))
            .toList();
  }
}
