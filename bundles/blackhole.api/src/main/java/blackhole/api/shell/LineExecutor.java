package blackhole.api.shell;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Runs lines of Gogo in this process. Thread-safe; lines run side by side do not share variables.
 */
@ProviderType
public interface LineExecutor {
  /**
   * Runs one line to its end.
   *
   * @param line what an operator would type
   * @param directory what relative paths in the line resolve against
   * @return what it printed, and 0, or 1 when it failed (then the error is in {@code stderr}, one
   *     line, with no stack trace)
   */
  LineResult execute(String line, Path directory);
}
