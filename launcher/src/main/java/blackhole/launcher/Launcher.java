package blackhole.launcher;

import blackhole.shell.text.Suggestion;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code java -jar launcher.jar}. */
public final class Launcher {
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  Launcher(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  public static void main(String[] args) {
    // The guardian's orchestrator dies with the thread that started it: this one stays until the
    // end, and the end is explicit, whatever other threads there are.
    System.exit(new Launcher(System.out, System.err, System.getenv()).run(List.of(args)));
  }

  /** Runs one command line to its exit code. */
  int run(List<String> words) {
    try {
      return dispatch(words);
    } catch (LauncherException e) {
      err.println("blackhole: " + e.getMessage());
      if (!e.hint().isEmpty()) {
        err.println(e.hint());
      }
      return e.exitCode();
    } catch (IOException e) {
      err.println("blackhole: " + Reasons.of(e));
      return ExitCodes.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCodes.FAILED;
    } catch (RuntimeException | Error e) {
      return unexpected(e);
    }
  }

  private int unexpected(Throwable e) {
    err.println("blackhole: internal error: " + e);
    if (environment.containsKey("BLACKHOLE_DEBUG")) {
      e.printStackTrace(err);
    } else {
      err.println("set BLACKHOLE_DEBUG=1 to see where");
    }
    return ExitCodes.FAILED;
  }

  private int dispatch(List<String> words) throws IOException, InterruptedException {
    String first = words.isEmpty() ? "run" : words.get(0);
    if (first.equals("--version")) {
      return Version.print(out);
    }
    if (first.equals("--help") || first.equals("-h")) {
      out.print(Help.overview(Commands.SPECS));
      return ExitCodes.DONE;
    }
    boolean named = !first.startsWith("-");
    CommandSpec spec = find(named ? first : "run");
    CommandLine line =
        CommandLine.parse(spec, words.subList(named && !words.isEmpty() ? 1 : 0, words.size()));
    if (line.has(CommandSpec.HELP)) {
      out.print(Help.of(spec));
      return ExitCodes.DONE;
    }
    return new Commands(out, err, environment).run(line);
  }

  static CommandSpec find(String name) {
    List<String> names = new ArrayList<>();
    for (CommandSpec spec : Commands.SPECS) {
      if (spec.name().equals(name)) {
        return spec;
      }
      names.add(spec.name());
    }
    throw LauncherException.usage(
        "unknown command '" + name + "'" + Suggestion.phrase(name, names),
        "see: " + Help.PROGRAM + " help");
  }
}
