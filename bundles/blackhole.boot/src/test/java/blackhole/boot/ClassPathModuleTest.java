package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathModuleTest {
  @TempDir Path temp;

  /** Felix does, for the supplemental manifest of a multi-release jar. */
  @Test
  void aFrameworkMayAddToTheHeaders() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "sample");
    Path file = temp.resolve("sample.jar");
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
    ClassPathModule module = new ClassPathModule(file);

    Map<String, String> headers = module.getHeaders().orElseThrow();
    headers.put("Import-Package", "java.io");

    assertThat(headers).containsEntry("Bundle-SymbolicName", "sample");
    assertThat(module.getHeaders().orElseThrow()).doesNotContainKey("Import-Package");
  }
}
