package blackhole.testkit;

import blackhole.api.host.NodeHome;
import blackhole.client.UnixSocketChannels;
import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real node in a temporary home: {@code java -jar launcher.jar run --no-shell}. {@link #close}
 * stops it in order and fails the test if anything is left behind; should the test's JVM be killed,
 * a reaper cleans up.
 *
 * <p>Not thread-safe, but for the calls on its channels.
 */
public final class TestNode implements AutoCloseable {
  /** How long a node may take for anything that it does by itself, on a machine under load. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * The system property with flags for all JVMs of a node in a home that is not new; none without
   * it. Nodes of tests end before what C2 makes of their code would pay; those that are measured do
   * not.
   */
  private static final String JVM_FLAGS = "blackhole.testkit.node.jvm";

  /** A node gives up the training of a class-data archive after three minutes. */
  private static final Duration TRAINING = Duration.ofMinutes(4);

  private final Path directory;
  private final Path home;
  private final Path configuration;
  private final Map<String, String> environment;
  private final Set<String> unset;
  private final List<String> prefix;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final UnixSocketChannels opener = new UnixSocketChannels();
  private final Optional<HomeSeed> seed;
  private final Reaper reaper;
  private Path jar;
  private @Nullable Process process;

  private TestNode(Builder builder) throws IOException {
    // short, because a socket's path must fit into 107 bytes
    this.directory = Files.createTempDirectory("bh-");
    this.home = directory.resolve(builder.homeName);
    this.configuration = directory.resolve("node.yaml");
    this.environment = Map.copyOf(builder.environment);
    this.unset = Set.copyOf(builder.unset);
    this.prefix = List.copyOf(builder.prefix);
    this.jar = builder.jar == null ? LauncherJar.find() : builder.jar;
    this.seed = builder.newHome ? Optional.empty() : HomeSeed.find();
    this.reaper = Reaper.start(directory, home);
    if (seed.isPresent()) {
      seed.get().plant(NodeHome.of(home));
    }
    Files.writeString(configuration, QuietDefaults.in(builder.yaml));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A node with these services, running; see {@link Builder#yaml}. */
  public static TestNode start(String yaml) {
    return builder().yaml(yaml).start();
  }

  /** What a test may choose. */
  public static final class Builder {
    private String yaml = "services:\n  identity: {}\n";
    private String homeName = "home";
    private @Nullable Path jar;
    private boolean newHome;
    private final Map<String, String> environment = new HashMap<>();
    private final Set<String> unset = new HashSet<>();
    private List<String> prefix = List.of();

    private Builder() {}

    /**
     * The configuration; identity with all defaults unless given. Without {@code warm_spares} or
     * {@code metrics} in it the node has none.
     */
    public Builder yaml(String text) {
      this.yaml = text;
      return this;
    }

    /** The home's name below the temporary directory, perhaps with {@code /} in it. */
    public Builder homeName(String name) {
      this.homeName = name;
      return this;
    }

    /** Another launcher than the one that this build made. */
    public Builder jar(Path file) {
      this.jar = file;
      return this;
    }

    /**
     * A home in which no node ever ran, and JVMs as users have them. Otherwise it has what the
     * first start makes, the jars and the class-data archive, shared by the tests of a module.
     */
    public Builder newHome() {
      this.newHome = true;
      return this;
    }

    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** The node starts without this variable, whether or not the test has it. */
    public Builder withoutEnvironment(String name) {
      unset.add(name);
      return this;
    }

    /** Starts the node through this program, which has to become it in the end. */
    public Builder through(String... command) {
      this.prefix = List.of(command);
      return this;
    }

    /** A node that does not run yet. */
    public TestNode create() {
      try {
        return new TestNode(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A node whose services are all READY. */
    public TestNode start() {
      TestNode node = create();
      try {
        node.run();
        node.awaitReady();
        return node;
      } catch (RuntimeException | Error e) {
        node.abandon(e);
        throw e;
      }
    }
  }

  /** From now on the node is started, and asked, with another launcher. */
  public void use(Path launcher) {
    jar = launcher;
  }

  /** Starts the node's process; it may have been running before. */
  public void run(String... options) {
    List<String> arguments = new ArrayList<>(List.of("run", "--no-shell", "--home", "" + home));
    arguments.addAll(List.of("--config", "" + configuration));
    arguments.addAll(List.of(options));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(LauncherJar.command(jar, arguments.toArray(String[]::new)));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file("stdout")))
            .redirectError(ProcessBuilder.Redirect.appendTo(file("stderr")));
    @Nullable String flags = System.getProperty(JVM_FLAGS);
    if (flags != null && seed.isPresent()) {
      builder.environment().put("JDK_JAVA_OPTIONS", flags);
    }
    builder.environment().keySet().removeAll(unset);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
      process.getOutputStream().close();
      reaper.watch(process.pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private java.io.File file(String name) {
    return directory.resolve(name).toFile();
  }

  /** Waits until every instance is READY and healthy. */
  public void awaitReady() {
    try {
      Await.until("every instance is READY", PATIENCE, this::isReady);
    } catch (AssertionError e) {
      // what it printed while we waited tells why
      throw new AssertionError(e.getMessage() + "; the node printed:\n" + printed(), e);
    }
  }

  private boolean isReady() {
    JsonArray rows = ps();
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.get(i).getAsJsonObject();
      if (!row.get("state").getAsString().equals("READY")
          || !row.get("health").getAsString().equals("healthy")) {
        return false;
      }
    }
    return !rows.isEmpty();
  }

  public Path home() {
    return home;
  }

  public Path configuration() {
    return configuration;
  }

  /** The node's process: the guardian. */
  public Process process() {
    if (process == null) {
      throw new IllegalStateException("the node was never started");
    }
    return process;
  }

  /** What the node has printed so far, stdout then stderr. */
  public String printed() {
    StringBuilder text = new StringBuilder();
    for (String name : List.of("stdout", "stderr")) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        try {
          text.append(Files.readString(file));
        } catch (IOException e) {
          text.append(e);
        }
      }
    }
    return text.toString();
  }

  /** Runs the launcher with this node's home. */
  public CommandResult launcher(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, "--home", "" + home));
    all.addAll(List.of(arguments));
    return Commands.run(LauncherJar.command(jar, all.toArray(String[]::new)));
  }

  /** Runs one line of the shell, however it ends. */
  public CommandResult tryExec(String line) {
    return ShellLine.run(NodeHome.of(home).shellSocket(), line, PATIENCE);
  }

  /** Runs one line of the shell; a failure fails the test. */
  public String exec(String line) {
    CommandResult result = tryExec(line);
    if (result.exitCode() != 0) {
      throw new AssertionError(line + " ended with " + result + "\n" + printed());
    }
    return result.stdout();
  }

  /** The rows of a shell command that knows {@code --json}. */
  public JsonArray json(String line) {
    return JsonParser.parseString(exec(line + " --json")).getAsJsonArray();
  }

  private JsonArray ps() {
    return json("bh:ps");
  }

  /** The row of {@code ps} for a service's first instance. */
  public JsonObject status(String service) {
    return status(service, 1);
  }

  public JsonObject status(String service, int instance) {
    JsonArray rows = ps();
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.get(i).getAsJsonObject();
      if (row.get("service").getAsString().equals(service)
          && row.get("instance").getAsInt() == instance) {
        return row;
      }
    }
    throw new AssertionError("no instance " + instance + " of " + service + " in " + rows);
  }

  /** What {@code info} says of a service's first instance. */
  public JsonObject info(String service) {
    return json("bh:info " + service + "-1").get(0).getAsJsonObject();
  }

  /** Why the process of a service's first instance died last, in words. */
  public String lastCause(String service) {
    JsonArray failures = info(service).getAsJsonArray("failures");
    return failures.isEmpty() ? "" : failures.get(0).getAsJsonObject().get("cause").getAsString();
  }

  /** Waits until a service's first instance is in this state. */
  public void awaitState(String service, String state) {
    Await.until(service + " is " + state, PATIENCE, () -> state(service).equals(state));
  }

  public String state(String service) {
    return status(service).get("state").getAsString();
  }

  /** The orchestrator's process, once the guardian has started one. */
  public long orchestrator() {
    return Await.value(
        "the orchestrator runs",
        PATIENCE,
        () -> process().children().filter(this::namesHome).findFirst().map(ProcessHandle::pid));
  }

  /** What stands in the node's log. */
  public String log() {
    try {
      return Files.readString(home.resolve("log").resolve("node.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of all that stands in the node's log directory: its own log, its hosts' and their output. */
  public long logBytes() {
    // listed without a look at each: one that is removed meanwhile has none
    try (Stream<Path> files = Files.list(home.resolve("log"))) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a warm spare, and gives its process. */
  public long awaitSpare() {
    return Await.value(
        "there is a warm spare",
        PATIENCE,
        () -> {
          JsonArray rows = json("bh:ps --all");
          for (int i = 0; i < rows.size(); i++) {
            JsonObject row = rows.get(i).getAsJsonObject();
            if (row.get("service").getAsString().equals("(spare)")
                && row.get("state").getAsString().equals("READY")) {
              return Optional.of(row.get("pid").getAsLong());
            }
          }
          return Optional.empty();
        });
  }

  /** The process of a service's first instance, or empty when it has none. */
  public OptionalLong pid(String service) {
    var pid = status(service).get("pid");
    return pid.isJsonNull() ? OptionalLong.empty() : OptionalLong.of(pid.getAsLong());
  }

  public boolean isHealthy(String service) {
    return status(service).get("health").getAsString().equals("healthy");
  }

  /**
   * Runs this service alone under this policy, and waits until it is READY. A node reads its
   * configuration when it starts, so one that runs is stopped first.
   */
  public void startService(String service, RestartPolicy policy) {
    if (process != null && process.isAlive()) {
      stop();
    }
    configure("services:\n  " + service + ":\n    restart_policy: " + policy.yaml() + "\n");
    run();
    awaitReady();
  }

  /** Replaces the configuration; a node that runs has to be started again to see it. */
  public void configure(String yaml) {
    try {
      Files.writeString(configuration, QuietDefaults.in(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a stopped or failed service, and waits until it is READY. */
  public void startService(String service) {
    exec("bh:start " + service);
    awaitState(service, "READY");
  }

  /** Kills the process of a service's first instance with SIGKILL, and waits until it is gone. */
  public long kill(String service) {
    long pid = pid(service).orElseThrow();
    signal(pid, "KILL");
    Await.until(pid + " is gone", PATIENCE, () -> ProcessHandle.of(pid).isEmpty());
    return pid;
  }

  /** Sends a signal by name, for example {@code TERM}. */
  public static void signal(long pid, String name) {
    CommandResult result = Commands.run(List.of("kill", "-" + name, Long.toString(pid)));
    if (result.exitCode() != 0) {
      throw new AssertionError("kill -" + name + " " + pid + ": " + result.stderr());
    }
  }

  /** Waits until a service is READY with another process than this one. */
  public long awaitReplaced(String service, long oldPid, Duration timeout) {
    Await.until(
        service + " is READY with a new process",
        timeout,
        () -> {
          JsonObject row = status(service);
          return row.get("state").getAsString().equals("READY")
              && row.get("pid").getAsLong() != oldPid
              && row.get("health").getAsString().equals("healthy");
        });
    return pid(service).orElseThrow();
  }

  /** The stable socket of a service's first instance. */
  public Path socket(String service) {
    return Path.of(status(service).get("socket").getAsString());
  }

  /** A channel to a service's first instance over its Unix socket; closed with the node. */
  public ManagedChannel channel(String service) {
    ManagedChannel channel = opener.open(socket(service));
    channels.add(channel);
    return channel;
  }

  /** The numbers that a service's host tells of itself; empty while it does not answer. */
  public Optional<Map<String, Double>> metrics(String service) {
    try {
      HealthResponse response =
          HealthGrpc.newBlockingStub(channel(service))
              .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .check(HealthRequest.getDefaultInstance());
      return Optional.of(response.getMetricsMap());
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Waits until the node has made its class-data archive, or failed to. The process that makes it
   * would outlive an orchestrator that is killed, and be in the way of the next one's.
   */
  public void awaitTrained() {
    Await.until(
        "the class-data archive is made, or cannot be",
        TRAINING,
        () -> HomeSeed.hasArchive(NodeHome.of(home)) || log().contains("class-data archive"));
  }

  /** Every live process whose command line names this node's home, or what is in it. */
  public List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.pid() != reaper.pid())
        .filter(this::namesHome)
        .toList();
  }

  /** Not by {@link ProcessHandle.Info}, which knows no command lines of more than a page. */
  private boolean namesHome(ProcessHandle handle) {
    try {
      Path file = Path.of("/proc", Long.toString(handle.pid()), "cmdline");
      String line = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return List.of(line.split("\0")).stream()
          .anyMatch(word -> word.equals(home.toString()) || word.startsWith(home + "/"));
    } catch (IOException e) {
      // it has ended
      return false;
    }
  }

  /** Sends SIGTERM and waits for the ordered stop; gives the exit code. */
  public int stop() {
    process().destroy();
    return awaitExit();
  }

  public int awaitExit() {
    try {
      if (!process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the node still runs; it printed:\n" + printed());
      }
      return process().exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** What is left of a stopped node that should not be: processes, cgroups, sockets and links. */
  public List<String> leftBehind() {
    List<String> left = new ArrayList<>();
    processes().forEach(handle -> left.add("process " + handle.pid() + " " + handle.info()));
    cgroups().forEach(group -> left.add("cgroup " + group));
    Path shortFolder = NodeHome.of(home).shortFolder();
    if (Files.exists(shortFolder)) {
      left.add(shortFolder.toString());
    }
    Path run = home.resolve("run");
    if (Files.isDirectory(run)) {
      try (var files = Files.list(run)) {
        files
            .filter(file -> !file.getFileName().toString().equals("node.lock"))
            .forEach(file -> left.add(file.toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return left;
  }

  /** The cgroups made for hosts of this home, wherever the node's own one is. */
  public List<Path> cgroups() {
    String name = NodeHome.of(home).digest();
    List<Path> found = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.endsWith(Path.of("blackhole", name))) {
              found.add(folder);
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem) {
            // a group of somebody else that goes, or that we may not see
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) {
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(Path.of("/sys/fs/cgroup"), visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Stops the node if it runs, removes everything, and fails if an ordered stop left something. */
  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    opener.close();
    try {
      if (process != null && process.isAlive()) {
        stop();
        List<String> left = leftBehind();
        if (!left.isEmpty()) {
          throw new AssertionError("left behind: " + left + "\n" + printed());
        }
      }
    } finally {
      remove();
    }
  }

  private void abandon(Throwable reason) {
    try {
      close();
    } catch (RuntimeException | Error e) {
      reason.addSuppressed(e);
    }
  }

  private void remove() {
    try (reaper) {
      if (seed.isPresent()) {
        seed.get().harvest(NodeHome.of(home));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
