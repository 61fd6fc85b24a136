package blackhole.itest.node;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import blackhole.api.service.HealthCheck;
import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes bundles of packages of these tests, as a service's author would. */
final class TestBundles {
  private TestBundles() {}

  /** The service whose faults can be chosen; healthy if none is. */
  static Path faulty(Path directory) {
    return build(directory, "blackhole.itest.faulty", Map.of());
  }

  /**
   * A bundle of one package, of the same name.
   *
   * @param instructions bnd's, beside the usual ones
   */
  static Path build(Path directory, String name, Map<String, String> instructions) {
    return build(directory, name, List.of(), instructions);
  }

  /**
   * @param more types of jars that the bundle needs beside gRPC and protobuf
   */
  static Path build(
      Path directory, String name, List<Class<?>> more, Map<String, String> instructions) {
    Path file = directory.resolve(name + ".jar");
    try (Builder builder = new Builder()) {
      List<File> classPath = new ArrayList<>();
      for (Class<?> type :
          List.of(TestBundles.class, BindableService.class, StringValue.class, HealthCheck.class)) {
        classPath.add(place(type));
      }
      for (Class<?> type : more) {
        classPath.add(place(type));
      }
      builder.setClasspath(classPath.toArray(new File[0]));
      builder.setProperty("Bundle-SymbolicName", name);
      builder.setProperty("Bundle-Version", "1.0.0");
      builder.setProperty("Private-Package", name);
      builder.setProperty("-noimportjava", "true");
      builder.setProperty("-dsannotations-options", "norequirements");
      instructions.forEach(builder::setProperty);
      Jar jar = builder.build();
      if (!builder.isOk()) {
        throw new AssertionError(file + ": " + builder.getErrors() + builder.getWarnings());
      }
      jar.write(file.toFile());
      return file;
    } catch (Exception e) {
      throw new AssertionError("cannot make " + file, e);
    }
  }

  private static File place(Class<?> type) throws URISyntaxException {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
