package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import blackhole.api.host.NodeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code exec} and {@code shell}, through real processes to the real shell server. */
class ShellProcessTest {
  private static final Map<String, String> WITH_SHELL =
      Map.of("FAKE_SHELL", "1", "TERM", "xterm-256color", "SHELL", "/bin/sh");

  @TempDir Path home;

  @Test
  void execPrintsTheOutputAndPassesTheCodeOn() throws Exception {
    try (LauncherProcess node = run()) {
      node.await("up: ");
      try (LauncherProcess exec = exec("echo 'ä' | cat")) {
        assertThat(exec.exitCode()).isZero();
        assertThat(exec.output()).isEqualTo("ä");
      }
      try (LauncherProcess exec = exec("helpp")) {
        assertThat(exec.exitCode()).isEqualTo(1);
        assertThat(exec.output()).isEqualTo("unknown command 'helpp'; did you mean 'help'?");
      }
      try (LauncherProcess exec = exec("pwd")) {
        assertThat(exec.exitCode()).isZero();
        assertThat(exec.output()).isEqualTo(Path.of("").toAbsolutePath().toString());
      }
    }
  }

  @Test
  void execWaitsForANodeThatIsStillStarting() throws Exception {
    try (LauncherProcess node = run();
        LauncherProcess exec = execOnce(node)) {
      assertThat(exec.exitCode()).isZero();
      assertThat(exec.output()).isEqualTo("up");
    }
  }

  /** As soon as the lock is held, before the orchestrator can be up. */
  private LauncherProcess execOnce(LauncherProcess node) throws Exception {
    // The guardian prints nothing before; the lock is what tells that there is a node.
    while (!HomeLock.isHeld(NodeHome.of(home))) {
      assertThat(node.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    return exec("echo up");
  }

  @Test
  void aPipeThatIsClosedEndsExecQuietly() throws Exception {
    Path file = Files.writeString(home.resolve("big"), "0123456789abcde\n".repeat(300_000));
    try (LauncherProcess node = run()) {
      node.await("up: ");
      String script = "{ \"$@\" exec 'cat " + file + "'; echo code $? >&2; } | head -n 1";
      try (LauncherProcess exec = LauncherProcess.startScript(script, home, WITH_SHELL)) {
        assertThat(exec.exitCode()).isZero();
        assertThat(exec.output().lines()).containsExactlyInAnyOrder("0123456789abcde", "code 0");
      }
    }
  }

  @Test
  void aFullDiskIsNotAClosedPipe() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    try (LauncherProcess node = run()) {
      node.await("up: ");
      String script = "\"$@\" exec 'echo x' > /dev/full";
      try (LauncherProcess exec = LauncherProcess.startScript(script, home, WITH_SHELL)) {
        assertThat(exec.exitCode()).isEqualTo(1);
        assertThat(exec.output()).contains("cannot write to stdout");
      }
    }
  }

  @Test
  void aNodeThatDiesUnderALineIsNamed() throws Exception {
    try (LauncherProcess node = run()) {
      long orchestrator = node.awaitUp();
      try (LauncherProcess exec = exec("echo started; sleep 1000")) {
        exec.await("started");
        LauncherProcess.signal("KILL", orchestrator);
        assertThat(exec.exitCode()).isEqualTo(1);
        assertThat(exec.output()).contains("the node went away before the line had ended");
      }
    }
  }

  @Test
  void callPassesItsWordsOnAsTheyAre() throws Exception {
    String json = "{\"a\": \"it's $HOME | ä\"}";
    try (LauncherProcess node = run()) {
      node.await("up: ");
      try (LauncherProcess call =
          call("a/b", json, "--json", "--header", "x:1 2", "--header=y:-", "--timeout", "5s")) {
        assertThat(call.exitCode()).isZero();
        assertThat(call.output()).isEqualTo("a/b [x:1 2, y:-] Optional[5s] true " + json);
      }
      try (LauncherProcess call = call("--", "--a", "-5")) {
        assertThat(call.exitCode()).isZero();
        assertThat(call.output()).isEqualTo("--a [] Optional.empty false -5");
      }
    }
  }

  @Test
  void callReadsStdinWhenItIsToldTo() throws Exception {
    try (LauncherProcess node = run()) {
      node.await("up: ");
      try (LauncherProcess call = call("a/b", "-")) {
        call.await("a/b");
        call.type("one\n");
        call.await("one");
        call.type("two\n");
        call.await("two");
      }
      String script = "seq 100000 | \"$@\" call a/b - | tail -n 1";
      try (LauncherProcess call = LauncherProcess.startScript(script, home, WITH_SHELL)) {
        assertThat(call.exitCode()).isZero();
        assertThat(call.output()).isEqualTo("100000");
      }
      String directory = "\"$@\" call a/b - < /";
      try (LauncherProcess call = LauncherProcess.startScript(directory, home, WITH_SHELL)) {
        assertThat(call.exitCode()).isZero();
        assertThat(call.output()).isEqualTo("a/b [] Optional.empty false -");
      }
    }
  }

  /** Or a script that reads its own stdin line by line would lose all but the first. */
  @Test
  void callLeavesStdinAloneOtherwise() throws Exception {
    try (LauncherProcess node = run()) {
      node.await("up: ");
      String script = "printf 'x\\ny\\n' | while read l; do \"$@\" call a/b $l; done";
      try (LauncherProcess call = LauncherProcess.startScript(script, home, WITH_SHELL)) {
        assertThat(call.exitCode()).isZero();
        assertThat(call.output().lines())
            .containsExactly("a/b [] Optional.empty false x", "a/b [] Optional.empty false y");
      }
    }
  }

  @Test
  void controlCCancelsACall() throws Exception {
    Path trace = home.resolve("trace");
    try (LauncherProcess node = run()) {
      node.await("up: ");
      try (LauncherProcess call = call(trace.toString())) {
        call.await(trace.toString());
        call.signal("INT");
        assertThat(call.exitCode()).isEqualTo(130);
      }
      awaitFile(trace);
    }
  }

  private static void awaitFile(Path file) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("the command was told to end").isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void onATerminalRunEndsInAShellWhoseExitStopsTheNode() throws Exception {
    assumeScript();
    try (LauncherProcess node = LauncherProcess.startOnTerminal(home, WITH_SHELL, "run")) {
      node.await("'exit' stops the node");
      node.await(LauncherProcess.PROMPT);
      node.type("echo a line\r");
      node.await("a line");
      node.await(LauncherProcess.PROMPT);
      node.type("\u0004");
      node.await("asked to end: 1");
      assertThat(node.exitCode()).isZero();
    }
  }

  @Test
  void theShellComesBackWithTheOrchestrator() throws Exception {
    assumeScript();
    try (LauncherProcess node = LauncherProcess.startOnTerminal(home, WITH_SHELL, "run")) {
      long first = node.awaitUp();
      node.await(LauncherProcess.PROMPT);
      LauncherProcess.signal("KILL", first);
      node.await("lost the orchestrator");
      node.await(LauncherProcess.PROMPT);
      node.type("exit\r");
      assertThat(node.exitCode()).isZero();
    }
  }

  @Test
  void anAttachedShellLeavesTheNodeRunning() throws Exception {
    assumeScript();
    try (LauncherProcess node = run()) {
      node.await("up: ");
      try (LauncherProcess shell = LauncherProcess.startOnTerminal(home, WITH_SHELL, "shell")) {
        shell.await("'exit' leaves this shell");
        shell.await(LauncherProcess.PROMPT);
        shell.type("exit\r");
        assertThat(shell.exitCode()).isZero();
      }
      try (LauncherProcess exec = exec("echo still up")) {
        assertThat(exec.exitCode()).isZero();
      }
    }
  }

  @Test
  void noShellMeansNoShell() throws Exception {
    assumeScript();
    try (LauncherProcess node =
        LauncherProcess.startOnTerminal(home, WITH_SHELL, "run", "--no-shell")) {
      node.await("stdin -1");
      // Ctrl-C of a terminal that is not raw
      node.type("\u0003");
      node.await("asked to end: 1");
      assertThat(node.exitCode()).isZero();
      assertThat(node.output()).doesNotContain(LauncherProcess.PROMPT);
    }
  }

  /** Part of util-linux like setsid, but some systems package it apart. */
  private static void assumeScript() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "script(1) is here to make a terminal");
  }

  private LauncherProcess run() throws Exception {
    return LauncherProcess.start(home, WITH_SHELL, "run", "--no-shell");
  }

  private LauncherProcess call(String... words) throws Exception {
    return LauncherProcess.start(
        home,
        WITH_SHELL,
        Stream.concat(Stream.of("call"), Stream.of(words)).toArray(String[]::new));
  }

  private LauncherProcess exec(String line) throws Exception {
    return LauncherProcess.start(home, WITH_SHELL, "exec", line);
  }
}
