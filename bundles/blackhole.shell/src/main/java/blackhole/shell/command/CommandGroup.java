package blackhole.shell.command;

import java.util.List;

/**
 * The commands of one noun. Every service of this type is offered in the shell, for as long as it
 * is there; the interface is known to this bundle alone.
 */
public interface CommandGroup {
  List<Command> commands();
}
