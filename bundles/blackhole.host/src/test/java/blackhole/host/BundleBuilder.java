package blackhole.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Makes a bundle of classes of the test's own. */
final class BundleBuilder {
  private static final String IMPORTS =
      "org.osgi.framework, io.grpc, io.grpc.stub, io.grpc.protobuf, com.google.protobuf,"
          + " blackhole.health.v1, blackhole.api.shell";

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Manifest manifest = new Manifest();
  private final StringBuilder components = new StringBuilder();
  private String imports = IMPORTS;

  BundleBuilder(String symbolicName) {
    Attributes main = manifest.getMainAttributes();
    main.putValue("Manifest-Version", "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", symbolicName);
    main.putValue("Bundle-Version", "1.2.3");
  }

  BundleBuilder header(String name, String value) {
    manifest.getMainAttributes().putValue(name, value);
    return this;
  }

  BundleBuilder imports(String more) {
    imports += ", " + more;
    return this;
  }

  BundleBuilder classes(Class<?>... classes) throws IOException {
    for (Class<?> each : classes) {
      String name = each.getName().replace('.', '/') + ".class";
      try (InputStream in = each.getClassLoader().getResourceAsStream(name)) {
        files.put(name, in.readAllBytes());
      }
    }
    return this;
  }

  /**
   * A component with constructor injection.
   *
   * @param attributes of its element
   * @param body its service and references, in the order of the constructor's parameters
   */
  BundleBuilder component(Class<?> type, String attributes, String body) throws IOException {
    String file = "OSGI-INF/" + type.getName() + ".xml";
    String xml =
        """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s" init="%d" %s>
          %s
          <implementation class="%s"/>
        </scr:component>
        """
            .formatted(
                type.getName(),
                type.getConstructors()[0].getParameterCount(),
                attributes,
                body,
                type.getName());
    files.put(file, xml.getBytes(UTF_8));
    components.append(components.isEmpty() ? "" : ", ").append(file);
    return classes(type);
  }

  Path build(Path directory) throws IOException {
    Attributes main = manifest.getMainAttributes();
    main.putValue("Import-Package", imports);
    if (!components.isEmpty()) {
      main.putValue("Service-Component", components.toString());
    }
    Path jar = directory.resolve(main.getValue("Bundle-SymbolicName") + ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      for (var file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return jar;
  }
}
