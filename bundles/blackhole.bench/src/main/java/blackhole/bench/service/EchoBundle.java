package blackhole.bench.service;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import blackhole.bench.echo.EchoService;
import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;

/** The measured service as its author would build it: with bnd, and with nothing else in it. */
public final class EchoBundle {
  private EchoBundle() {}

  /** Makes the jar, in this directory. */
  public static Path write(Path directory) throws Exception {
    try (Builder builder = new Builder()) {
      builder.setClasspath(
          new File[] {
            jar(EchoService.class).toFile(),
            jar(BindableService.class).toFile(),
            jar(StringValue.class).toFile()
          });
      builder.setProperty("Bundle-SymbolicName", EchoService.BUNDLE);
      builder.setProperty("Bundle-Version", "1.0.0");
      builder.setProperty("Private-Package", EchoService.class.getPackageName());
      builder.setProperty("-dsannotations", EchoService.class.getName());
      builder.setProperty("-noimportjava", "true");
      builder.setProperty("Import-Package", "!org.jspecify.*, *");
      Jar made = builder.build();
      if (!builder.isOk()) {
        throw new IllegalStateException("" + builder.getErrors() + builder.getWarnings());
      }
      Path file = directory.resolve(EchoService.BUNDLE + ".jar");
      made.write(file.toFile());
      return file;
    }
  }

  /** The jar that a class came from. */
  public static Path jar(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }
}
