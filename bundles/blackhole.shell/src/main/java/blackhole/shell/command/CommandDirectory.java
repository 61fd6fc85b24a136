package blackhole.shell.command;

import java.util.List;
import java.util.Optional;

/** The commands that are offered now. */
public interface CommandDirectory {
  /** In the order of their names. */
  List<Command> commands();

  default Optional<Command> find(String name) {
    return commands().stream().filter(command -> command.name().equals(name)).findFirst();
  }
}
