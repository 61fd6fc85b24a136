package blackhole.shell.command;

import java.util.List;
import java.util.function.Supplier;

/**
 * One command: what it takes, and what it does.
 *
 * @param words what its first argument may be, where that is more than the usage says; else empty
 * @param changes whether it may change something, and so belongs in the audit log
 */
public record Command(Usage usage, Action action, Supplier<List<String>> words, boolean changes) {
  public Command(Usage usage, Action action, Supplier<List<String>> words) {
    this(usage, action, words, false);
  }

  /** One that only shows. */
  public Command(Usage usage, Action action) {
    this(usage, action, List::of);
  }

  /** One that changes something. */
  public static Command change(Usage usage, Action action) {
    return new Command(usage, action, List::of, true);
  }

  /** The same; but what it changes is written down. */
  public Command audited(Audit audit) {
    return changes
        ? new Command(
            usage,
            invocation ->
                audit.make(name(), invocation.arguments().words(), () -> action.run(invocation)),
            words,
            true)
        : this;
  }

  /** What a command does; it throws {@link CommandException} to say why it could not. */
  public interface Action {
    void run(Invocation invocation) throws Exception;
  }

  public String name() {
    return usage.name();
  }
}
