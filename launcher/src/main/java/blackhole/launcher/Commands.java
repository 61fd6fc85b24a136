package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** The commands: what each takes, and where it goes from here. */
final class Commands {
  private static final CommandSpec.Option NO_SHELL =
      new CommandSpec.Option("--no-shell", "", "no shell, even on a terminal");
  private static final CommandSpec.Option ONLY =
      new CommandSpec.Option("--only", "A,B", "these services, and what they depend on");
  private static final CommandSpec.Option NAME =
      new CommandSpec.Option("--name", "NAME", "the configured service (required)");
  private static final CommandSpec.Option TIMEOUT =
      new CommandSpec.Option("--timeout", "TIME", "how long to wait, as 90s or 2m; default: 2m");
  private static final CommandSpec.Option KEEP_HOSTS =
      new CommandSpec.Option("--keep-hosts", "", "ends the orchestrator alone");
  private static final CommandSpec.Option HEADER =
      new CommandSpec.Option(
          "--header", "NAME:VALUE", "sends metadata; base64 if NAME ends in -bin; repeatable");
  private static final CommandSpec.Option CALL_TIMEOUT =
      new CommandSpec.Option("--timeout", "TIME", "as 500ms, 5s or 2m; default: the service's own");
  private static final CommandSpec.Option JSON =
      new CommandSpec.Option("--json", "", "the list of methods as JSON; answers always are");

  private static final CommandSpec.Option TOUR_CONFIG =
      new CommandSpec.Option(
          "--config", "FILE", "the temporary node's configuration; default: built in");

  static final List<CommandSpec> SPECS =
      List.of(
          new CommandSpec(
              "run",
              "",
              "runs a node in the foreground",
              """
              On a terminal it ends in the shell: 'exit', or Ctrl-D, stops the node. Elsewhere
              it logs one line an event. SIGTERM and SIGINT stop it in order; a second one
              forces.\
              """,
              List.of(CommandSpec.HOME, CommandSpec.CONFIG, NO_SHELL, ONLY)),
          new CommandSpec(
              "shell",
              "",
              "opens a shell on the running node",
              "'exit', or Ctrl-D, ends the shell; the node goes on.",
              List.of(CommandSpec.HOME)),
          new CommandSpec(
              "exec",
              "'LINE'",
              "runs one line of the shell in the running node",
              "Its output is all that stands on stdout. For example:\n\n"
                  + "  "
                  + Help.PROGRAM
                  + " exec 'bh:ps --json'",
              List.of(CommandSpec.HOME)),
          new CommandSpec(
              "call",
              "SERVICE[/METHOD] [JSON]",
              "calls a method of a service, or lists its methods",
              """
              The messages' types come from the service itself, by server reflection; JSON is
              as protobuf maps it. Several documents, one after the other, are a client's
              stream; - reads them from stdin; without any, the message is empty. Answers are
              printed as they come, one a line, or laid out on a terminal. Any status but OK
              goes to stderr, with its details, and the exit code is 1. For example:

              """
                  + "  "
                  + Help.PROGRAM
                  + " call identity\n  "
                  + Help.PROGRAM
                  + " call identity/Authenticate \\\n"
                  + "      '{\"username\": \"ada\", \"password\": \"secret\"}'",
              List.of(HEADER, CALL_TIMEOUT, JSON, CommandSpec.HOME)),
          new CommandSpec(
              "check",
              "",
              "validates a configuration",
              """
              Prints every error as FILE:line:column, or else the plan: the order of starts, the
              effective limits and JVM flags, and the delays of restarts.\
              """,
              List.of(CommandSpec.HOME, CommandSpec.CONFIG)),
          new CommandSpec(
              "stop",
              "",
              "stops the running node in order, and waits",
              """
              With --keep-hosts the services go on, and the next 'run' at this home takes them
              over, with a newer launcher.jar for example. Without one they drain and exit after
              stale_process_timeout.\
              """,
              List.of(CommandSpec.HOME, TIMEOUT, KEEP_HOSTS)),
          new CommandSpec(
              "service",
              "",
              "runs one service in the foreground, without a node",
              "For debugging, and for containers that run one service each.",
              List.of(NAME, CommandSpec.HOME, CommandSpec.CONFIG)),
          new CommandSpec(
              "certs",
              "",
              "makes a development authority and node certificates",
              """
              Without --node, those of this home: shown, and made if they are not there yet. A
              node makes them by itself on first use. With --node and --out, certificates for
              nodes elsewhere, all by one authority, each in a folder to be copied there. The
              authority in --out is used again, so nodes can be added later. For example:

              """
                  + "  "
                  + Help.PROGRAM
                  + " certs --node node-a --host a.example --out pki\n  "
                  + Help.PROGRAM
                  + " certs --node node-b --host b.example --out pki",
              List.of(
                  CertsOptions.NODE,
                  CertsOptions.OUT,
                  CertsOptions.CA,
                  CertsOptions.HOST,
                  CertsOptions.DAYS,
                  CertsOptions.FORCE,
                  CommandSpec.HOME,
                  CommandSpec.CONFIG)),
          new CommandSpec(
              "tour",
              "",
              "walks through the services of a node",
              """
              A user registers and stores a document, and what follows from that is shown,
              each step with its call and answer: on the node that runs at this home, or else
              on a temporary one, which is gone in the end. Services that the node does not
              have are passed over.\
              """,
              List.of(CommandSpec.HOME, TOUR_CONFIG)),
          new CommandSpec("version", "", "prints the version", "", List.of()),
          new CommandSpec("help", "[COMMAND]", "explains a command", "", List.of()));

  private static final Set<String> TAKE_ARGUMENTS = Set.of("exec", "call", "help");

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  Commands(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  int run(CommandLine line) throws IOException, InterruptedException {
    String name = line.command().name();
    if (!TAKE_ARGUMENTS.contains(name)) {
      line.noArguments();
    }
    return switch (name) {
      case "exec" -> exec(line);
      case "call" -> call(line);
      case "shell" -> new ShellCommand(home(line), environment, err).run();
      case "run" -> node(line);
      case "stop" -> stop(line);
      case "check" -> check(line);
      case "service" -> service(line);
      case "certs" -> certs(line);
      case "tour" -> new TourCommand(home(line), configuration(line), out).run();
      case "version" -> Version.print(out);
      default -> help(line);
    };
  }

  private int stop(CommandLine line) throws IOException, InterruptedException {
    StopCommand command = new StopCommand(home(line), timeout(line), err);
    return line.has(KEEP_HOSTS) ? command.keepHosts() : command.run();
  }

  private int help(CommandLine line) {
    List<String> about = line.arguments();
    out.print(about.isEmpty() ? Help.overview(SPECS) : Help.of(Launcher.find(about.get(0))));
    return ExitCodes.DONE;
  }

  private int exec(CommandLine line) throws IOException, InterruptedException {
    String text =
        line.onlyArgument(
            "'exec' needs a line to run, for example: exec 'bh:ps'",
            "'exec' takes one line: put it in quotes, as in: exec 'bh:ps --json'");
    return new ExecCommand(home(line), err).run(text);
  }

  private int call(CommandLine line) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add("call");
    for (String header : line.values(HEADER)) {
      if (header.indexOf(':') <= 0) {
        throw LauncherException.usage(
            "--header is not NAME:VALUE: " + header,
            "for example: --header 'authorization:Bearer TOKEN'");
      }
      words.add(HEADER.name());
      words.add(header);
    }
    String timeout = line.value(CALL_TIMEOUT);
    if (timeout != null) {
      words.add(CALL_TIMEOUT.name());
      Duration unused = Durations.parse(CALL_TIMEOUT.name(), timeout);
      words.add(timeout);
    }
    if (line.has(JSON)) {
      words.add(JSON.name());
    }
    words.add("--");
    words.addAll(
        line.arguments(
            1,
            2,
            "'call' needs a SERVICE/METHOD, for example: call identity/Authenticate '{...}'",
            "'call' takes SERVICE/METHOD and JSON: put the JSON in quotes"));
    return new NodeCommand(home(line), err).run(words);
  }

  private int node(CommandLine line) throws IOException, InterruptedException {
    String only = line.value(ONLY);
    RunOptions options =
        new RunOptions(
            home(line),
            configuration(line),
            only == null ? List.of() : names(only),
            !line.has(NO_SHELL) && Tty.isInteractive());
    return new RunCommand(options, load(NodeRuntime.class), environment, err).run();
  }

  private int service(CommandLine line) throws IOException, InterruptedException {
    String name = line.value(NAME);
    if (name == null) {
      throw LauncherException.usage("'service' needs --name NAME", Help.hint(line.command()));
    }
    RunOptions options = new RunOptions(home(line), configuration(line), List.of(name), false);
    options.home().create();
    // a node that runs here would run this service too, at the same socket and on the same data
    try (HomeLock lock = HomeLock.acquire(options.home())) {
      ProcessBuilder jvm = load(NodeRuntime.class).service(name, options);
      return new Guardian(GuardedProcess.of(jvm, err), err).runOnce();
    }
  }

  private int check(CommandLine line) throws IOException {
    Configurations.Report report =
        load(Configurations.class).check(home(line), configuration(line));
    (report.valid() ? out : err).println(report.text().stripTrailing());
    return report.valid() ? ExitCodes.DONE : ExitCodes.USAGE;
  }

  private int certs(CommandLine line) throws IOException, InterruptedException {
    CertsOptions options = new CertsOptions(line);
    CertsCommand command = new CertsCommand(load(CertificateTools.class), out, err);
    return options.isAboutHome()
        ? command.ofHome(home(line), configuration(line), line.has(CertsOptions.FORCE))
        : command.forNodes(options.wanted());
  }

  private NodeHome home(CommandLine line) {
    return Homes.find(line.value(CommandSpec.HOME), environment, System.getProperty("user.home"));
  }

  private static Optional<Path> configuration(CommandLine line) {
    return Homes.configuration(line.value(CommandSpec.CONFIG));
  }

  private static Duration timeout(CommandLine line) {
    String text = line.value(TIMEOUT);
    return text == null ? Duration.ofMinutes(2) : Durations.parse("--timeout", text);
  }

  private static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      if (name.isBlank()) {
        throw LauncherException.usage(
            "--only has an empty name: " + list, "for example: --only identity,storage");
      }
      names.add(name.strip());
    }
    return names;
  }

  private static <T> T load(Class<T> type) {
    for (T found : ServiceLoader.load(type, Commands.class.getClassLoader())) {
      return found;
    }
    throw LauncherException.failed("this jar carries no node; build it whole, with ./mvnw package");
  }
}
