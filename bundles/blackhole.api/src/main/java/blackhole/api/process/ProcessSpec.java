package blackhole.api.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to start.
 *
 * @param command the program and its arguments
 * @param environment the whole environment; nothing is inherited beside it
 * @param directory the working directory
 * @param output where stdout and stderr are appended; stdin is empty
 */
public record ProcessSpec(
    List<String> command, Map<String, String> environment, Path directory, Path output) {
  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
