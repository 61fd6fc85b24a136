package blackhole.api.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process to start.
 *
 * @param command the program and its arguments
 * @param environment the whole environment; nothing is inherited beside it
 * @param directory the working directory
 * @param output where stdout and stderr are appended; stdin is empty
 * @param group the limits that it is held to; closed by the launcher when the process has ended
 */
public record ProcessSpec(
    List<String> command,
    Map<String, String> environment,
    Path directory,
    Path output,
    Optional<ProcessGroup> group) {
  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Without limits. */
  public ProcessSpec(
      List<String> command, Map<String, String> environment, Path directory, Path output) {
    this(command, environment, directory, output, Optional.empty());
  }
}
