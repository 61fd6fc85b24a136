package blackhole.shell.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import blackhole.api.host.NodeHome;
import blackhole.shell.command.Command;
import blackhole.shell.command.Target;
import blackhole.shell.command.TestNode;
import blackhole.shell.command.Usage;
import blackhole.shell.gogo.GogoRuntime;
import blackhole.shell.protocol.CommandRequest;
import blackhole.shell.protocol.ExecRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameType;
import blackhole.shell.protocol.ShellRequest;
import blackhole.shell.protocol.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server on a real socket, with real Gogo and JLine. */
class ShellServerTest {
  @TempDir Path temp;
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private final GogoRuntime runtime =
      new GogoRuntime(
          (command, words, change) -> {
            changes.add(command + " " + words);
            change.run();
          });
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private NodeHome home;
  private TestNode node;
  private ShellListener listener;

  @BeforeEach
  void listen() throws IOException {
    home = NodeHome.of(temp);
    home.create();
    node = new TestNode(temp);
    node.groups().forEach(runtime::add);
    runtime.add(() -> List.of(waits(), prints()));
    Sessions sessions =
        new Sessions(() -> runtime, () -> Target.names(node.instances()), home, node.nodeId());
    listener = new ShellListener(home.shellSocket(), sessions);
    listener.open();
  }

  private Command waits() {
    return command(
        "waits",
        invocation -> {
          invocation.out().println("waiting");
          waiting.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            ended.countDown();
          }
        });
  }

  private Command prints() {
    return command(
        "prints",
        invocation -> {
          try {
            while (!Thread.interrupted() && !invocation.out().checkError()) {
              waiting.countDown();
              invocation.out().println("x".repeat(1000));
            }
          } finally {
            ended.countDown();
          }
        });
  }

  private static Command command(String name, Command.Action action) {
    return new Command(new Usage(name, List.of(), "for a test", List.of(), name), action);
  }

  @AfterEach
  void stop() throws InterruptedException {
    listener.close();
    runtime.stop();
    assertThat(home.shellSocket()).doesNotExist();
    awaitSessions();
  }

  /** One that needs longer than the listener waits would write its history into what is removed. */
  private static void awaitSessions() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().matches("shell-\\d+")) {
        thread.join(SECONDS.toMillis(60));
      }
    }
  }

  @Test
  void theSocketIsForItsUserAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.shellSocket())))
        .isEqualTo("rw-------");
    try (var files = Files.list(home.run())) {
      assertThat(files).containsExactly(home.shellSocket());
    }
  }

  /** As where somebody has opened the folder: then there is still the kernel's word. */
  @Test
  void anotherUserIsRefusedWhereTheFilesWouldLetItIn() throws Exception {
    assumeTrue(
        Files.getOwner(temp).getName().equals("root"), "only root can be somebody else for a test");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
    String name = Stranger.class.getName().replace('.', '/') + ".class";
    Path copied = temp.resolve("classes").resolve(name);
    Files.createDirectories(copied.getParent());
    try (InputStream code = Stranger.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(code, copied);
    }
    for (Path path = copied; !path.equals(temp.getParent()); path = path.getParent()) {
      open(path);
    }
    open(home.run());
    open(home.shellSocket());
    Process stranger =
        new ProcessBuilder(
                "/usr/bin/setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-cp",
                temp.resolve("classes").toString(),
                Stranger.class.getName(),
                home.shellSocket().toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(stranger.waitFor(60, SECONDS)).as("it was let in, and waits").isTrue();
      String said = new String(stranger.getInputStream().readAllBytes(), UTF_8).strip();
      // where the temporary directory itself is closed to others, it cannot come so far
      assumeTrue(said.startsWith("connected"), said);
      assertThat(said).isEqualTo("connected\nclosed");
    } finally {
      stranger.destroyForcibly();
    }
    try (TestClient client = exec("bh:health --json", 0)) {
      assertThat(client.exitCode()).as("its own user is served").isZero();
    }
  }

  private static void open(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void aLineIsRunAndItsCodeComesLast() throws Exception {
    try (TestClient client = exec("bh:health --json | grep identity; info nobody", 0)) {
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(client.stdout()).startsWith("[{\"service\":\"identity\"").doesNotContain("\u001b");
      assertThat(client.stderr()).isEqualTo("unknown service 'nobody'\n");
    }
  }

  @Test
  void changesAreAuditedAndLooksAreNot() throws Exception {
    try (TestClient client =
        exec("ps | grep x; bh:stop identity-1 | cat; start --help; limits", 0)) {
      assertThat(client.exitCode()).isZero();
    }
    assertThat(changes).containsExactly("stop [identity-1]");
  }

  @Test
  void tablesFitTheClientsTerminal() throws Exception {
    try (TestClient narrow = exec("ps", 60);
        TestClient endless = exec("ps", 0)) {
      assertThat(narrow.exitCode()).isZero();
      assertThat(narrow.stdout().lines()).allMatch(line -> line.length() <= 60);
      assertThat(endless.exitCode()).isZero();
      assertThat(endless.stdout()).contains(temp.resolve("run/identity-1.sock").toString());
    }
  }

  @Test
  void relativePathsResolveAgainstTheClientsDirectory() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("a dir ö"));
    Files.writeString(directory.resolve("file"), "content\n");
    try (TestClient client =
        connect(new ExecRequest("cat file", directory.toString(), 0).encode())) {
      assertThat(client.exitCode()).isZero();
      assertThat(client.stdout()).isEqualTo("content\n");
    }
  }

  @Test
  void anInterruptEndsTheLine() throws Exception {
    try (TestClient client = exec("waits", 0)) {
      client.await("waiting");
      client.send(Frame.of(FrameType.INTERRUPT));
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(ended.await(60, SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"waits", "prints"})
  void aClientThatGoesAwayTakesItsLineWithIt(String line) throws Exception {
    TestClient client = exec(line, 0);
    assertThat(waiting.await(60, SECONDS)).isTrue();
    client.close();
    assertThat(ended.await(60, SECONDS)).isTrue();
  }

  @Test
  void aCommandsWordsNeedNoQuotes() throws Exception {
    String json = "{\"a\": \"it's $5 | \\\"x\\\"\"}";
    try (TestClient client = command("call", "identity/Check", json)) {
      assertThat(client.exitCode()).isZero();
      assertThat(client.stdout()).isEqualTo(json + "\n");
      assertThat(client.reads()).isZero();
    }
    try (TestClient client = command("call", "storage/Fail")) {
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(client.stdout()).isEmpty();
      assertThat(client.stderr())
          .isEqualTo("UNAVAILABLE: storage is away\n  reason: CIRCUIT_OPEN (blackhole)\n");
    }
    try (TestClient client = command("cal")) {
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(client.stderr()).isEqualTo("unknown command 'cal'; did you mean 'call'?\n");
    }
    try (TestClient client = command("call", "--help")) {
      assertThat(client.exitCode()).isZero();
      assertThat(client.stdout()).startsWith("call SERVICE[/METHOD] [JSON]");
    }
  }

  @Test
  void aCommandsInputComesAsItAsksForIt() throws Exception {
    try (TestClient client = command("call", "identity/Check", "-")) {
      client.awaitReads(1);
      client.type("one\ntw");
      client.await("one\n");
      client.awaitReads(2);
      client.type("o\n");
      client.await("two\n");
      client.awaitReads(3);
      client.send(Frame.of(FrameType.STDIN_END));
      assertThat(client.exitCode()).isZero();
    }
  }

  @Test
  void aCommandThatWaitsForInputCanBeInterrupted() throws Exception {
    try (TestClient client = command("call", "identity/Check", "-")) {
      client.awaitReads(1);
      client.send(Frame.of(FrameType.INTERRUPT));
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(client.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"waits", "prints"})
  void aClientThatGoesAwayTakesItsCommandWithIt(String name) throws Exception {
    TestClient client = command(name);
    assertThat(waiting.await(60, SECONDS)).isTrue();
    client.close();
    assertThat(ended.await(60, SECONDS)).isTrue();
  }

  @Test
  void aListThatClaimsToBeEndlessIsRefused() throws Exception {
    byte[] request = new CommandRequest(List.of("call"), 0).encode().payload();
    request[1] = 0x7f;
    try (TestClient client = connect(new Frame(FrameType.COMMAND, request))) {
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(client.stderr()).contains("a list of 2130706433 texts");
    }
  }

  @Test
  void gogoCallsToo() throws Exception {
    try (TestClient client =
        exec("bh:call identity/Check '{\"a\":1}'; echo '{}' | call identity/Check -", 0)) {
      assertThat(client.exitCode()).isZero();
      assertThat(client.stdout()).startsWith("{\"a\":1}\n{}\n");
    }
  }

  @Test
  void hugeOutputComesWhole() throws Exception {
    Path file = Files.writeString(temp.resolve("big"), "0123456789abcde\n".repeat(500_000));
    try (TestClient client = exec("cat " + file, 0)) {
      assertThat(client.exitCode()).isZero();
      assertThat(client.stdout()).hasSize(8_000_000);
    }
  }

  @Test
  void garbageIsAnsweredAndHurtsNobodyElse() throws Exception {
    try (TestClient client = connect(Frame.text(FrameType.STDIN, "GET / HTTP/1.1"))) {
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(client.stderr()).contains("not a request");
    }
    byte[] future = new ExecRequest("ps", "/", 0).encode().payload();
    future[0] = 2;
    try (TestClient client = connect(new Frame(FrameType.EXEC, future))) {
      assertThat(client.exitCode()).isEqualTo(1);
      assertThat(client.stderr()).contains("speaks version 2");
    }
    try (TestClient client = exec("echo alive", 0)) {
      assertThat(client.exitCode()).isZero();
    }
  }

  @Test
  void aStaleSocketIsReplacedAndALiveOneIsNot() throws Exception {
    NodeHome other = NodeHome.of(temp.resolve("other"));
    other.create();
    ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    foreign.bind(UnixDomainSocketAddress.of(other.shellSocket()));
    ShellListener second = new ShellListener(other.shellSocket(), null);
    assertThatThrownBy(second::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another process listens there");
    assertThat(other.shellSocket()).exists();

    foreign.close();
    second.open();
    second.close();
    assertThat(other.shellSocket()).doesNotExist();
  }

  @Test
  void whatIsNoSocketIsLeftAlone() throws Exception {
    NodeHome other = NodeHome.of(temp.resolve("other"));
    other.create();
    Files.writeString(other.shellSocket(), "precious");
    ShellListener second = new ShellListener(other.shellSocket(), null);
    assertThatThrownBy(second::open).hasMessageContaining("stands where the shell's socket goes");
    assertThat(other.shellSocket()).hasContent("precious");

    Files.delete(other.shellSocket());
    Files.createSymbolicLink(other.shellSocket(), temp.resolve("precious"));
    assertThatThrownBy(second::open).hasMessageContaining("move it away");
  }

  @Test
  void anInteractiveShellGreetsReadsAndLeaves() throws Exception {
    try (TestClient shell = shell(true)) {
      shell.await("Blackhole, node-a");
      shell.await("'exit' stops the node");
      shell.await("blackhole> ");
      shell.type("health\r");
      shell.await("identity-1");
      shell.await("blackhole> ");
      shell.type("exit\r");
      assertThat(shell.exitCode()).isZero();
    }
    assertThat(home.state().resolve("shell_history")).content().contains("health");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.state().resolve("shell_history"))))
        .isEqualTo("rw-------");
  }

  @Test
  void controlDEndsTheShell() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("'exit' leaves this shell");
      shell.await("blackhole> ");
      shell.type("\u0004");
      assertThat(shell.exitCode()).isZero();
    }
  }

  @Test
  void controlCClearsTheLineAndEndsACommand() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.type("stop identity");
      shell.await("stop identity");
      shell.type("\u0003");
      shell.await("blackhole> ");

      shell.type("waits\r");
      shell.await("waiting");
      shell.type("\u0003");
      assertThat(ended.await(60, SECONDS)).isTrue();
      shell.await("blackhole> ");

      // what it prints first tells that the editor has given the terminal back
      shell.type("echo ready; cat\r");
      shell.await("\nready");
      shell.type("to cat\r");
      shell.await("to cat\nto cat");
      shell.type("\u0003");
      shell.await("blackhole> ");

      shell.type("echo still here\r");
      shell.await("\nstill here");
    }
  }

  @Test
  void controlCIsHeardBehindMuchThatWasTypedAhead() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.type("waits\r");
      shell.await("waiting");
      for (int i = 0; i < 20; i++) {
        shell.type("x".repeat(1000));
      }
      shell.type("\u0003");
      assertThat(ended.await(60, SECONDS)).isTrue();
    }
  }

  @Test
  void tabCompletesCommandsServicesAndOptions() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.type("hea\t");
      shell.await("health ");
      shell.type("cac\t");
      shell.await("cache-2");
      shell.type(" --js\t");
      shell.await("--json ");
      shell.type("\r");
      shell.await("\"health\":\"down\"");
      shell.await("blackhole> ");
      shell.type("call identity/\t");
      shell.await("identity/Authenticate ");
    }
  }

  @Test
  void aResizedTerminalIsDrawnOnAnew() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.send(new WindowSize(60, 20).encode());
      shell.type("echo ${COLUMNS}\r");
      shell.await("\n60");
    }
  }

  @Test
  void topIsALiveViewUntilQ() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.type("top\r");
      shell.await("every 2 s; q ends");
      shell.await("identity-1");
      assertThat(node.looks).as("it looks again").hasValueGreaterThanOrEqualTo(2);
      shell.type("q");
      shell.await("blackhole> ");
      shell.type("echo still here\r");
      shell.await("\nstill here");
      assertThat(shell.stdout())
          .as("on a screen of its own, which it leaves")
          .contains("\u001b[?1049h", "\u001b[?1049l");
    }
  }

  @Test
  void topIsALiveViewUntilControlC() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.type("top identity\r");
      shell.await("every 2 s; q ends");
      shell.type("\u0003");
      shell.await("blackhole> ");
      assertThat(shell.stdout()).contains("\u001b[?1049l");
      shell.type("echo still here\r");
      shell.await("\nstill here");
    }
  }

  @Test
  void topFollowsTheSizeOfTheTerminal() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.type("top\r");
      shell.await("VTHREADS");
      shell.await("q ends");
      shell.send(new WindowSize(30, 3).encode());
      // the last line that fits is no longer the hint
      shell.await("CPU     RSS\nidentity-1  4711  0.13   82 MB\n");
      shell.send(new WindowSize(120, 40).encode());
      shell.await("VTHREADS");
      shell.type("q");
      shell.await("blackhole> ");
    }
  }

  @Test
  void topIsOneAnswerWhereNobodyLooks() throws Exception {
    try (TestClient client = exec("top", 100);
        TestClient json = exec("top --json", 100);
        TestClient shell = shell(false)) {
      assertThat(client.exitCode()).isZero();
      assertThat(client.stdout()).startsWith("INSTANCE").doesNotContain("\u001b", "q ends");
      assertThat(json.exitCode()).isZero();
      assertThat(json.stdout()).startsWith("[{\"service\":\"identity\"");

      shell.await("blackhole> ");
      shell.type("top | grep cache\r");
      shell.await("\ncache-2-1");
      shell.await("blackhole> ");
      shell.type("top --json\r");
      shell.await("\"sampled_at\"");
      shell.await("blackhole> ");
    }
  }

  @Test
  void anOpenQuoteAsksForMore() throws Exception {
    try (TestClient shell = shell(false)) {
      shell.await("blackhole> ");
      shell.type("echo 'one\r");
      shell.await("> ");
      shell.type("two'\r");
      shell.await("\none\ntwo");
    }
  }

  @Test
  void shellsSideBySideDoNotDisturbEachOther() throws Exception {
    try (TestClient one = shell(false);
        TestClient two = shell(false)) {
      one.await("blackhole> ");
      two.await("blackhole> ");
      one.type("x = 1\r");
      one.await("blackhole> ");
      two.type("x = 2\r");
      two.await("blackhole> ");
      one.type("echo one $x\r");
      one.await("\none 1");
      one.type("exit\r");
      assertThat(one.exitCode()).isZero();
      two.type("echo two $x\r");
      two.await("\ntwo 2");
    }
  }

  private TestClient command(String... words) throws IOException {
    return connect(new CommandRequest(List.of(words), 0).encode());
  }

  private TestClient exec(String line, int columns) throws IOException {
    return connect(new ExecRequest(line, temp.toString(), columns).encode());
  }

  private TestClient shell(boolean foreground) throws IOException {
    return connect(
        new ShellRequest("xterm-256color", new WindowSize(120, 40), temp.toString(), foreground)
            .encode());
  }

  private TestClient connect(Frame request) throws IOException {
    TestClient client = new TestClient(home.shellSocket());
    client.send(request);
    return client;
  }
}
