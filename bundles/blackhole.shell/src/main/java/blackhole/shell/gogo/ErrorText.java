package blackhole.shell.gogo;

import blackhole.api.supervision.SupervisionException;
import blackhole.shell.command.CommandException;
import blackhole.shell.text.Suggestion;
import java.io.EOFException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.SyntaxError;

/**
 * Why a line failed, in one line, and details below it. What nobody foresaw goes to the log as
 * well, with its trace.
 */
final class ErrorText {
  private static final System.Logger LOG = System.getLogger(ErrorText.class.getName());

  /** What Gogo says then. */
  private static final String NO_FILES = "no matches found: ";

  private ErrorText() {}

  static String of(Throwable failure, Set<String> commands) {
    Throwable cause = cause(failure);
    if (cause instanceof CommandNotFoundException notFound) {
      String name = notFound.getCommand();
      return "unknown command '" + name + "'" + suggestion(name, commands);
    }
    if (cause instanceof SyntaxError || cause instanceof EOFException) {
      return "cannot read the line: " + oneLine(cause);
    }
    if (cause instanceof CommandException known) {
      StringBuilder text = new StringBuilder(oneLine(known));
      known.details().forEach(detail -> text.append("\n  ").append(detail));
      return text.toString();
    }
    if (cause instanceof SupervisionException) {
      return oneLine(cause);
    }
    LOG.log(System.Logger.Level.DEBUG, "a line of the shell failed", failure);
    if (cause instanceof Error) {
      LOG.log(System.Logger.Level.WARNING, "a command of the shell broke", failure);
      return "the command broke: " + cause.getClass().getSimpleName() + ": " + oneLine(cause);
    }
    String words = oneLine(cause);
    // Gogo takes * and ? for names of files, and leaves nothing as it is when there are none
    return words.startsWith(NO_FILES) ? words + " (a file's name; else quote it: 'a.*')" : words;
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof InvocationTargetException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String suggestion(String name, Set<String> commands) {
    List<String> names = new ArrayList<>();
    for (String command : commands) {
      names.add(name.indexOf(':') < 0 ? command.substring(command.indexOf(':') + 1) : command);
    }
    String phrase = Suggestion.phrase(name, names);
    return phrase.isEmpty() ? "; 'help' lists the commands" : phrase;
  }

  private static String oneLine(Throwable cause) {
    String message = cause.getMessage();
    if (message == null || message.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
