package blackhole.shell.command;

import blackhole.shell.render.Json;
import blackhole.shell.render.Table;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * One run of a command. Its thread is interrupted when its user presses Ctrl-C or goes away.
 *
 * @param in what is typed or piped into the command; may be a terminal
 * @param columns the width to fit tables to; 0 when the output does not end at a terminal
 * @param screen what a live view may draw on; empty when the output ends elsewhere
 * @param directory what relative paths resolve against
 */
public record Invocation(
    Arguments arguments,
    InputStream in,
    PrintStream out,
    int columns,
    Optional<Screen> screen,
    Path directory) {
  /** Who is written into the journal. */
  public static final String WHO = "shell";

  /** Without a screen. */
  public Invocation(Arguments arguments, InputStream in, PrintStream out, int columns) {
    this(arguments, in, out, columns, Optional.empty(), Path.of(""));
  }

  /** Without input. */
  public Invocation(Arguments arguments, PrintStream out, int columns) {
    this(arguments, InputStream.nullInputStream(), out, columns);
  }

  /** Prints rows as asked for: as JSON, or as this table, or these words when there are none. */
  public void print(List<? extends Map<String, ?>> rows, Table table, String none) {
    if (arguments.json()) {
      out.println(Json.of(rows));
    } else if (table.isEmpty()) {
      out.println(none);
    } else {
      out.print(table.render(columns));
    }
  }

  /**
   * Waits for an answer.
   *
   * @throws CommandException with the message of what it failed with
   */
  public static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      while (cause instanceof CompletionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      if (cause instanceof Error error) {
        throw error;
      }
      String message = cause == null ? null : cause.getMessage();
      throw new CommandException(message == null ? String.valueOf(cause) : message);
    }
  }
}
