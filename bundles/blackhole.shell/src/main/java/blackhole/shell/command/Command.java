package blackhole.shell.command;

import java.util.List;
import java.util.function.Supplier;

/**
 * One command: what it takes, and what it does.
 *
 * @param words what its first argument may be, where that is more than the usage says; else empty
 */
public record Command(Usage usage, Action action, Supplier<List<String>> words) {
  public Command(Usage usage, Action action) {
    this(usage, action, List::of);
  }

  /** What a command does; it throws {@link CommandException} to say why it could not. */
  public interface Action {
    void run(Invocation invocation) throws Exception;
  }

  public String name() {
    return usage.name();
  }
}
