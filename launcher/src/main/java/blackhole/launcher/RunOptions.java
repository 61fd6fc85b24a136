package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code run} and {@code service} were told.
 *
 * @param configuration the file that was named, which exists; empty for the home's or the built-in
 * @param only the services to run, and what they depend on; empty for all
 * @param attached whether a shell takes the terminal, once the node is up
 */
public record RunOptions(
    NodeHome home, Optional<Path> configuration, List<String> only, boolean attached) {
  public RunOptions {
    only = List.copyOf(only);
  }
}
