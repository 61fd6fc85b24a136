package blackhole.shell.command;

import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code update}, {@code rollback} and {@code history}. */
@Component
public final class UpdateCommands implements CommandGroup {
  private static final Usage.Option ALLOW_OLDER =
      Usage.Option.flag("--allow-older", "take an older version that was never installed");

  private static final Usage.Option ALLOW_REMOVED =
      Usage.Option.flag("--allow-removed", "take a version that lacks methods");

  private static final Usage.Option NO_ROLLBACK =
      Usage.Option.flag(
          "--no-rollback", "take a version whose data the one in force could not read");

  private static final Usage.Option SHA256 =
      new Usage.Option("--sha256", "DIGEST", "of the bytes at a URL, in hexadecimal digits");

  private static final Usage.Option BUILTIN =
      Usage.Option.flag("--builtin", "go back to the launcher's, or the configured one");

  private static final Usage.Option ROLLING =
      Usage.Option.flag("--rolling", "in new processes, one after the other, and not in place");

  private static final Usage UPDATE =
      new Usage(
          "update",
          List.of("SERVICE", "FILE"),
          "puts another version of a service's bundle in the place of the one that serves",
          "Calls go on meanwhile, and none fails. One instance after the other, each watched for"
              + " supervisor.update_observation;\n"
              + "if anything is wrong, the version that was there comes back. FILE is copied, and stays"
              + " in force over a restart\nand a newer launcher. It may be a URL that"
              + " node.bundle_sources allows, and then takes --sha256.",
          List.of(ALLOW_OLDER, ALLOW_REMOVED, NO_ROLLBACK, ROLLING, SHA256),
          "update identity /tmp/blackhole.identity-0.2.0.jar");

  private static final Usage ROLLBACK =
      new Usage(
          "rollback",
          List.of("SERVICE"),
          "goes back to the version that was in force before",
          "As an update does. A second time, it takes that back.",
          List.of(BUILTIN, ROLLING),
          "rollback identity");

  private static final Usage HISTORY =
      new Usage(
          "history",
          List.of("SERVICE"),
          "shows which versions of a service's bundle were installed, by whom, and what became of"
              + " them",
          List.of(Usage.JSON),
          "history identity");

  /** Other than a file. */
  private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

  private static final int SHORT_DIGEST = 12;

  private final Supervisor supervisor;
  private final Updates updates;

  @Activate
  public UpdateCommands(@Reference Supervisor supervisor, @Reference Updates updates) {
    this.supervisor = supervisor;
    this.updates = updates;
  }

  @Override
  public List<Command> commands() {
    return List.of(
        Command.change(UPDATE, this::update),
        Command.change(ROLLBACK, this::rollback),
        new Command(HISTORY, this::history));
  }

  private void update(Invocation invocation) throws InterruptedException {
    Arguments arguments = invocation.arguments();
    String service = service(arguments);
    Updates.Options options =
        new Updates.Options(
            arguments.has(ALLOW_OLDER),
            arguments.has(ALLOW_REMOVED),
            arguments.has(NO_ROLLBACK),
            arguments.has(ROLLING));
    String source = arguments.required(1);
    Optional<String> sha256 = arguments.value(SHA256);
    if (URL.matcher(source).matches()) {
      String digest = digest(source, sha256);
      follow(
          invocation,
          progress -> updates.fetch(service, source, digest, options, Invocation.WHO, progress));
    } else if (sha256.isPresent()) {
      throw arguments.wrong("--sha256 is for a URL, and '" + source + "' is a file");
    } else {
      Path file = file(invocation);
      follow(
          invocation, progress -> updates.update(service, file, options, Invocation.WHO, progress));
    }
  }

  private static String digest(String url, Optional<String> sha256) {
    return sha256.orElseThrow(
        () ->
            new CommandException(
                "'"
                    + url
                    + "' is a URL, and is fetched only with --sha256, the digest of its bytes, and"
                    + " where node.bundle_sources allows it: else download it, and give the file"));
  }

  private static Path file(Invocation invocation) {
    String text = invocation.arguments().required(1);
    try {
      return invocation.directory().resolve(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new CommandException("'" + text + "' cannot be a path here");
    }
  }

  private void rollback(Invocation invocation) throws InterruptedException {
    String service = service(invocation.arguments());
    boolean builtin = invocation.arguments().has(BUILTIN);
    boolean rolling = invocation.arguments().has(ROLLING);
    follow(
        invocation,
        progress -> updates.rollback(service, builtin, rolling, Invocation.WHO, progress));
  }

  private String service(Arguments arguments) {
    String name = arguments.required(0);
    Target target = Target.parse(name, supervisor.instances());
    if (target.instance().isPresent()) {
      throw arguments.wrong(
          "all instances of a service have one version: '"
              + target.service()
              + "', not '"
              + name
              + "'");
    }
    return target.service();
  }

  /** Prints what is done while it is done, and what came of it. */
  static void follow(
      Invocation invocation, Function<Consumer<String>, CompletionStage<List<String>>> work)
      throws InterruptedException {
    followed(work, invocation.out()::println).forEach(invocation.out()::println);
  }

  /**
   * Tells what is done while it is done; on this thread, as those that do it may not wait.
   *
   * @return what came of it
   */
  static <T> T followed(
      Function<Consumer<String>, CompletionStage<T>> work, Consumer<String> progress)
      throws InterruptedException {
    BlockingQueue<Optional<String>> steps = new LinkedBlockingQueue<>();
    CompletionStage<T> done = work.apply(step -> steps.add(Optional.of(step)));
    var unused = done.whenComplete((lines, problem) -> steps.add(Optional.empty()));
    for (Optional<String> step = steps.take(); step.isPresent(); step = steps.take()) {
      progress.accept(step.get());
    }
    return Invocation.await(done);
  }

  private void history(Invocation invocation) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("VERSION", "OUTCOME", "INSTALLED", "BY", "MODE", "SHA-256", "MESSAGE");
    String service = service(invocation.arguments());
    for (Updates.Version version : updates.history(service)) {
      rows.add(row(service, version));
      table.row(
          version.version().orElse(null),
          outcome(version),
          Units.time(version.installed()),
          version.by(),
          version.mode().orElse(null),
          version
              .sha256()
              .map(digest -> digest.substring(0, Math.min(SHORT_DIGEST, digest.length())))
              .orElse(null),
          version.message());
    }
    invocation.print(rows, table, "nothing was installed");
  }

  private static Map<String, @Nullable Object> row(String service, Updates.Version version) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", service);
    row.put("version", version.version().orElse(null));
    row.put("sha256", version.sha256().orElse(null));
    row.put("installed", Units.time(version.installed()));
    row.put("by", version.by());
    row.put("mode", version.mode().orElse(null));
    row.put("outcome", outcome(version));
    row.put("message", version.message());
    return row;
  }

  private static String outcome(Updates.Version version) {
    return version.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
