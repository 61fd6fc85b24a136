package blackhole.shell.command;

/** One command: what it takes, and what it does. */
public record Command(Usage usage, Action action) {
  /** What a command does; it throws {@link CommandException} to say why it could not. */
  public interface Action {
    void run(Invocation invocation) throws Exception;
  }

  public String name() {
    return usage.name();
  }
}
