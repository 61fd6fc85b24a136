package blackhole.itest.framework;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.Jar;
import blackhole.itest.framework.echo.EchoService;
import blackhole.itest.framework.echo.StringMethods;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes bundles of classes of these tests, as a service's author would with bnd. */
final class TestBundle {
  private static final List<String> ECHO =
      List.of(
          "EchoService", "EchoService$Config", "LoaderService", "LoggingService", "StringMethods");

  private TestBundle() {}

  /** The bundle of {@link EchoService} and those beside it. */
  static Path echo(Path directory, String version) throws Exception {
    return make(directory, version, Map.of());
  }

  /** The same, with headers of its own. */
  static Path make(Path directory, String version, Map<String, String> headers) throws Exception {
    String folder = StringMethods.class.getPackageName();
    try (Jar classes = new Jar("classes");
        Builder builder = new Builder()) {
      for (String name : ECHO) {
        try (InputStream in = StringMethods.class.getResourceAsStream(name + ".class")) {
          classes.putResource(
              folder.replace('.', '/') + "/" + name + ".class",
              new EmbeddedResource(in.readAllBytes(), 0L));
        }
      }
      builder.addClasspath(classes);
      builder.setProperty("Bundle-SymbolicName", EchoService.PID);
      builder.setProperty("Bundle-Version", version);
      builder.setProperty("Private-Package", folder);
      // as most libraries say it
      builder.setProperty("Import-Package", "org.slf4j;version='[1.7,3)', *");
      headers.forEach(builder::setProperty);
      Jar made = builder.build();
      if (!builder.isOk()) {
        throw new IllegalStateException("bnd: " + builder.getErrors());
      }
      Path file = directory.resolve("echo-" + version + ".jar");
      made.write(file.toFile());
      return file;
    }
  }
}
