package blackhole.orchestrator.update;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Bundles that are nothing but a manifest, and something to fill them. */
final class Jars {
  static final String NAME = "a.service";

  private Jars() {}

  static Path version(Path directory, String version) throws IOException {
    return bundle(directory.resolve(version + ".jar"), Map.of("Bundle-Version", version));
  }

  /** Headers that are given empty are left out. */
  static Path bundle(Path file, Map<String, String> headers) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-SymbolicName", NAME + ";singleton:=true");
    headers.forEach(main::putValue);
    main.values().removeIf(value -> value.toString().isEmpty());
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.putNextEntry(new ZipEntry("filling"));
      jar.write(file.toString().repeat(100).getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
