package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Validates configurations. Found by {@link java.util.ServiceLoader}. */
public interface Configurations {
  /**
   * Reads a configuration whole.
   *
   * @param file the one to read; empty for the home's, else the built-in default
   */
  Report check(NodeHome home, Optional<Path> file) throws IOException;

  /**
   * What came of it.
   *
   * @param text the plan, or every error on a line of its own
   */
  record Report(boolean valid, String text) {}
}
