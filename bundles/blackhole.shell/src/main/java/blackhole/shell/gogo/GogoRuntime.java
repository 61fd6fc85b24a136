package blackhole.shell.gogo;

import blackhole.shell.command.Audit;
import blackhole.shell.command.Command;
import blackhole.shell.command.CommandDirectory;
import blackhole.shell.command.CommandGroup;
import blackhole.shell.command.HelpCommand;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;

/**
 * A command processor of our own. Gogo's bundles are never started: their activators would replace
 * {@code System.out} for the whole process, whose output belongs to the service that runs in it,
 * and open a shell on its terminal. Commands write to their session's streams instead.
 *
 * <p>Thread-safe.
 */
public final class GogoRuntime implements CommandDirectory {
  static final String SCOPE = "bh";
  private static final String GOGO = "gogo";

  private static final List<String> POSIX =
      List.of(
          "cat", "cd", "date", "echo", "grep", "head", "ls", "pwd", "sleep", "sort", "tail", "wc");
  private static final List<String> POSIX_ON_TERMINAL = List.of("clear", "less", "watch");
  private static final List<String> PROCEDURAL =
      List.of("each", "if", "not", "throw", "try", "until", "while", "break", "continue");
  private static final List<String> BUILTIN = List.of("format", "set", "tac", "type");

  private final SteadyProcessor processor = new SteadyProcessor();
  private final ConcurrentMap<String, Command> commands = new ConcurrentHashMap<>();
  private final Audit audit;

  public GogoRuntime() {
    this(Audit.NONE);
  }

  /**
   * @param audit hears of every change that a command makes
   */
  public GogoRuntime(Audit audit) {
    this.audit = audit;
    Posix posix = new Posix(processor);
    // All of these are one method there, which looks at the name it is called by.
    POSIX.forEach(name -> processor.addCommand(GOGO, posix, name));
    POSIX_ON_TERMINAL.forEach(
        name -> processor.addCommand(GOGO, new TerminalOnly(posix, name), name));
    PROCEDURAL.forEach(name -> processor.addCommand(GOGO, new Procedural(), name));
    BUILTIN.forEach(name -> processor.addCommand(GOGO, new Builtin(), name));
    processor.addCommand(SCOPE, new ExitFunction(), "exit");
    add(new HelpCommand(this));
  }

  /** Offers these commands in scope {@code bh}. */
  public void add(CommandGroup group) {
    for (Command each : group.commands()) {
      Command command = each.audited(audit);
      commands.put(command.name(), command);
      processor.addCommand(SCOPE, new CommandFunction(command), command.name());
    }
  }

  public void remove(CommandGroup group) {
    for (Command command : group.commands()) {
      commands.remove(command.name());
      processor.removeCommand(SCOPE, command.name());
    }
  }

  /** Offers a command that some bundle brought with it. */
  void add(String scope, String name, Function function) {
    processor.addCommand(scope, function, name);
  }

  void remove(String scope, String name, Function function) {
    processor.removeCommand(scope, name, function);
  }

  void add(Converter converter) {
    processor.addConverter(converter);
  }

  void remove(Converter converter) {
    processor.removeConverter(converter);
  }

  /** Opens a session on these streams; it prints nothing on its own. */
  SteadySession open(InputStream in, OutputStream out, OutputStream err) {
    SteadySession session = processor.createSession(in, out, err);
    // Ours first, then Gogo's, then whatever there is.
    session.put("SCOPE", SCOPE + ":" + GOGO + ":*");
    return session;
  }

  @Override
  public List<Command> commands() {
    Collection<Command> all = commands.values();
    return all.stream().sorted(Comparator.comparing(Command::name)).toList();
  }

  /** All names as Gogo knows them, {@code scope:name}. */
  public Set<String> names() {
    return processor.getCommands();
  }

  /** Ends all sessions. */
  public void stop() {
    processor.stop();
  }
}
