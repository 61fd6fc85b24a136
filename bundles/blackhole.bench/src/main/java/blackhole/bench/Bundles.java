package blackhole.bench;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.net.URI;
import java.nio.file.Path;

/** Bundles that are made with bnd while benchmarks run. */
public final class Bundles {
  private Bundles() {}

  /**
   * Builds one, and writes it.
   *
   * @throws IllegalStateException with all that bnd has to say against it
   */
  public static void write(Builder builder, Path file) throws Exception {
    Jar jar = builder.build();
    if (!builder.isOk()) {
      throw new IllegalStateException("" + builder.getErrors() + builder.getWarnings());
    }
    jar.write(file.toFile());
  }

  /** The jar that a class came from. */
  public static Path jar(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }
}
