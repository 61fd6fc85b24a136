package blackhole.bench.service;

import aQute.bnd.osgi.Builder;
import blackhole.bench.Bundles;
import blackhole.bench.echo.EchoService;
import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import java.io.File;
import java.nio.file.Path;

/** The measured service as its author would build it: with bnd, and with nothing else in it. */
public final class EchoBundle {
  private EchoBundle() {}

  /** Makes the jar, in this directory. */
  public static Path write(Path directory) throws Exception {
    try (Builder builder = new Builder()) {
      builder.setClasspath(
          new File[] {
            Bundles.jar(EchoService.class).toFile(),
            Bundles.jar(BindableService.class).toFile(),
            Bundles.jar(StringValue.class).toFile()
          });
      builder.setProperty("Bundle-SymbolicName", EchoService.BUNDLE);
      builder.setProperty("Bundle-Version", "1.0.0");
      builder.setProperty("Private-Package", EchoService.class.getPackageName());
      builder.setProperty("-dsannotations", EchoService.class.getName());
      builder.setProperty("-noimportjava", "true");
      builder.setProperty("Import-Package", "!org.jspecify.*, *");
      Path file = directory.resolve(EchoService.BUNDLE + ".jar");
      Bundles.write(builder, file);
      return file;
    }
  }
}
