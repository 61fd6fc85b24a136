package blackhole.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.host.trial.TrialService;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A service's bundle as small as they come, made of a class that this bundle carries. */
final class TrialBundle {
  static final String SYMBOLIC_NAME = "blackhole.trial";

  private static final String COMPONENT = "OSGI-INF/trial.xml";

  private TrialBundle() {}

  /** Writes the jar. */
  static void write(Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream files = new JarOutputStream(out, manifest())) {
      put(files, COMPONENT, component().getBytes(UTF_8));
      for (Class<?> type : List.of(TrialService.class, TrialService.Settings.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        put(files, name, bytes(name));
      }
    }
  }

  private static Manifest manifest() {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", SYMBOLIC_NAME);
    main.putValue(
        "Import-Package",
        "blackhole.health.v1, com.google.protobuf, io.grpc, io.grpc.protobuf, io.grpc.stub");
    main.putValue("Service-Component", COMPONENT);
    return manifest;
  }

  private static String component() {
    return """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s" init="1"
            configuration-pid="%s">
          <service><provide interface="io.grpc.BindableService"/></service>
          <implementation class="%s"/>
        </scr:component>
        """
        .formatted(TrialService.NAME, SYMBOLIC_NAME, TrialService.class.getName());
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = TrialBundle.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " is missing in this bundle");
      }
      return in.readAllBytes();
    }
  }

  private static void put(JarOutputStream files, String name, byte[] bytes) throws IOException {
    files.putNextEntry(new ZipEntry(name));
    files.write(bytes);
    files.closeEntry();
  }
}
