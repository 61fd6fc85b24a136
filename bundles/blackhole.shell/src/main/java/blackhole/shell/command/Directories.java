package blackhole.shell.command;

import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import blackhole.shell.text.Suggestion;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names looked up in a registry that may not be there yet. */
final class Directories {
  private Directories() {}

  /**
   * The registry.
   *
   * @throws CommandException when there is none
   */
  static ServiceDirectory required(@Nullable ServiceDirectory directory) {
    if (directory == null) {
      throw new CommandException("the registry is not there yet; try again in a moment");
    }
    return directory;
  }

  /** The service of this name, or all of them when none is given. */
  static List<ServiceRecord> select(ServiceDirectory directory, Optional<String> name) {
    if (name.isEmpty()) {
      return directory.services();
    }
    return List.of(directory.find(name.get()).orElseThrow(() -> unknown(directory, name.get())));
  }

  static CommandException unknown(ServiceDirectory directory, String name) {
    return new CommandException(
        "unknown service '" + name + "'" + Suggestion.phrase(name, names(directory)));
  }

  static List<String> names(ServiceDirectory directory) {
    return directory.services().stream().map(ServiceRecord::name).toList();
  }
}
