package blackhole.orchestrator.trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads all of a jar, to see who has signed each of its entries. */
final class SignedJar {
  /** The files that a signature consists of are not signed themselves. */
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/(MANIFEST\\.MF|SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))");

  private SignedJar() {}

  /**
   * Why not all of it is signed by somebody who may, in words that follow "it"; empty when it is.
   *
   * @throws IOException when it cannot be read
   */
  static Optional<String> refusal(Path file, TrustedSigners signers) throws IOException {
    Map<CodeSigner, Optional<String>> judged = new HashMap<>();
    Set<String> names = new HashSet<>();
    List<String> unsigned = new ArrayList<>();
    try (JarFile jar = new JarFile(file.toFile(), true)) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (!names.add(name)) {
          return Optional.of("has " + name + " twice");
        }
        if (entry.isDirectory() || SIGNATURE.matcher(name.toUpperCase(Locale.ROOT)).matches()) {
          continue;
        }
        try (InputStream in = jar.getInputStream(entry)) {
          // whoever signed it is known at its end
          long unused = in.transferTo(OutputStream.nullOutputStream());
        }
        CodeSigner[] by = entry.getCodeSigners();
        if (by == null || by.length == 0) {
          unsigned.add(name);
        } else {
          List<Optional<String>> refusals =
              Stream.of(by)
                  .map(signer -> judged.computeIfAbsent(signer, signers::refusal))
                  .toList();
          if (refusals.stream().allMatch(Optional::isPresent)) {
            return refusals.get(0);
          }
        }
      }
    } catch (SecurityException e) {
      return Optional.of("was changed after it had been signed: " + e.getMessage());
    }
    if (judged.isEmpty()) {
      return Optional.of("is not signed");
    }
    return unsigned.isEmpty()
        ? Optional.empty()
        : Optional.of("is signed, but " + unsigned.get(0) + " in it is not");
  }
}
