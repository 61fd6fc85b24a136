package blackhole.shell.gogo;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.shell.LineResult;
import blackhole.shell.command.Command;
import blackhole.shell.command.TestNode;
import blackhole.shell.command.Usage;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.felix.service.command.Job;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of real Gogo, without a framework. */
class LineExecutorTest {
  @TempDir Path home;
  private final GogoRuntime runtime = new GogoRuntime();
  private final PrintStream systemOut = System.out;
  private TestNode node;

  @BeforeEach
  void offerCommands() {
    node = new TestNode(home);
    node.groups().forEach(runtime::add);
  }

  @AfterEach
  void stop() {
    runtime.stop();
    assertThat(System.out).as("System.out is not Gogo's").isSameAs(systemOut);
  }

  @Test
  void commandsAreFoundWithAndWithoutTheirScope() {
    assertThat(run("bh:health --json").stdout()).startsWith("[{\"service\":\"identity\"");
    assertThat(run("health --json")).isEqualTo(run("bh:health --json"));
    assertThat(run("health --json").exitCode()).isZero();
  }

  @Test
  void aPatternThatIsNoFileSaysThatItIsToBeQuoted() {
    echoArguments();
    assertThat(run("args 'did.*'").stdout()).startsWith("[did.*,");
    assertFails("args did.*", "did.* (a file's name; else quote it");
  }

  @Test
  void argumentsStayWhatWasTyped() {
    echoArguments();
    assertThat(run("args 007 1e3 null true 0x10 'a b' \"c d\"").stdout())
        .isEqualTo("[007, 1e3, null, true, 0x10, a b, c d]\n");
  }

  @Test
  void outputGoesThroughPipesUncut() {
    assertThat(run("bh:ps | grep FAILED").stdout())
        .startsWith("cache-2-1")
        .doesNotContain("\u001b");
    assertThat(run("echo ö | cat; pwd").stdout()).isEqualTo("ö\n" + home + "\n");
  }

  @Test
  void relativePathsResolveAgainstTheClientsDirectory() throws Exception {
    Files.writeString(home.resolve("file.txt"), "content\n");
    assertThat(run("cat file.txt").stdout()).isEqualTo("content\n");
    assertThat(run("ls").stdout()).contains("file.txt");
  }

  @Test
  void failureIsOneLineOnStderrAndCodeOne() {
    assertFails("bh:info identty", "unknown service 'identty'; did you mean 'identity'?");
    assertFails("bh:pss", "unknown command 'bh:pss'; did you mean 'bh:ps'?");
    assertFails("helth", "unknown command 'helth'; did you mean 'health'?");
    assertFails("frobnicate", "unknown command 'frobnicate'; 'help' lists the commands");
    assertFails("echo 'open", "cannot read the line: ");
    assertFails("less x", "less: needs a terminal");
    assertFails("cat /does/not/exist", "/does/not/exist");
    assertThat(run("echo a | grep b").exitCode()).isEqualTo(1);
    assertThat(run("echo a | grep a").exitCode()).isZero();
  }

  @Test
  void aCommandThatBreaksIsReportedWithoutATrace() {
    runtime.add(
        () ->
            List.of(
                command(
                    "breaks",
                    invocation -> {
                      throw new StackOverflowError("deep");
                    }),
                command(
                    "fails",
                    invocation -> {
                      throw new IllegalStateException("first\nsecond");
                    })));
    assertFails("breaks", "the command broke: StackOverflowError: deep");
    assertFails("fails", "first second");
    assertThat(run("health").exitCode()).isZero();
  }

  @Test
  void everyCommandExplainsItself() {
    assertThat(run("ps --help").stdout()).startsWith("ps [--all] [--json]\n");
    assertThat(run("help logs").stdout()).isEqualTo(run("logs --help").stdout());
    assertThat(run("help").stdout()).contains("restart", "in", "config", "help COMMAND");
    assertThat(run("info --help x y z").exitCode()).isZero();
  }

  @Test
  void hugeOutputIsBoundedAndTheCommandEnds() {
    LineResult result = run("while { true } { echo 0123456789012345678901234567890123456789 }");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).hasSizeLessThanOrEqualTo(1 << 20);
    assertThat(result.stderr()).contains("more output than");
  }

  @Test
  void theStepsOfALoopAreNotKept() {
    AtomicInteger children = new AtomicInteger(-1);
    runtime.add(
        () ->
            List.of(
                command(
                    "children",
                    invocation -> {
                      Job line = Job.Utils.current();
                      Field field = line.getClass().getDeclaredField("children");
                      field.setAccessible(true);
                      children.set(((List<?>) field.get(line)).size());
                    })));
    assertThat(run("each [1 2 3 4 5 6 7 8 9] { echo $it }; each [1 2 3] { children }").exitCode())
        .isZero();
    // the step itself, and what it stands in
    assertThat(children.get()).isBetween(0, 2);
  }

  @Test
  void aRemovedCommandIsGone() {
    echoArguments();
    assertThat(run("args").exitCode()).isZero();
    runtime.commands();
    runtime.remove(() -> List.of(command("args", invocation -> {})));
    assertFails("args", "unknown command 'args'");
  }

  @Test
  void linesSideBySideDoNotMix() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<CompletableFuture<LineResult>> results =
          IntStream.range(0, 40)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> run("x = " + i + "; echo $x | cat; echo $x"), pool))
              .toList();
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get(60, SECONDS).stdout()).isEqualTo(i + "\n" + i + "\n");
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void anInterruptEndsTheLineAndNotTheSession() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    runtime.add(
        () ->
            List.of(
                command(
                    "waits",
                    invocation -> {
                      started.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } finally {
                        // printing while interrupted must not close the session's stream
                        Thread.currentThread().interrupt();
                        invocation.out().print("ended ");
                        ended.countDown();
                      }
                    })));
    BoundedOutput out = new BoundedOutput(1000, () -> {});
    try (GogoSession session =
        new GogoSession(runtime, InputStream.nullInputStream(), out, out, home, () -> 0)) {
      CompletableFuture<Integer> line = CompletableFuture.supplyAsync(() -> session.run("waits"));
      assertThat(started.await(60, SECONDS)).isTrue();

      session.interrupt();

      assertThat(line.get(60, SECONDS)).isEqualTo(1);
      assertThat(ended.await(60, SECONDS)).isTrue();
      assertThat(session.run("echo still here")).isZero();
      assertThat(out.text()).endsWith("still here\n");
      session.interrupt();
      assertThat(session.run("echo and here")).isZero();
    }
  }

  @Test
  void aCommandThatHeedsNoInterruptIsLeftBehindTheSecondTime() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    runtime.add(
        () ->
            List.of(
                command(
                    "stubborn",
                    invocation -> {
                      started.countDown();
                      while (release.getCount() > 0) {
                        try {
                          release.await();
                        } catch (InterruptedException e) {
                          // on purpose
                        }
                      }
                    })));
    BoundedOutput out = new BoundedOutput(1000, () -> {});
    try (GogoSession session =
        new GogoSession(runtime, InputStream.nullInputStream(), out, out, home, () -> 0)) {
      CompletableFuture<Integer> line =
          CompletableFuture.supplyAsync(() -> session.run("stubborn"));
      assertThat(started.await(60, SECONDS)).isTrue();
      session.interrupt();
      session.interrupt();
      assertThat(line.get(60, SECONDS)).isEqualTo(1);
      assertThat(session.run("echo next")).isZero();
    } finally {
      release.countDown();
    }
  }

  private void echoArguments() {
    Usage usage =
        new Usage(
            "args",
            List.of("[A]", "[B]", "[C]", "[D]", "[E]", "[F]", "[G]"),
            "prints its arguments",
            List.of(),
            "args");
    runtime.add(
        () ->
            List.of(
                new Command(
                    usage,
                    invocation ->
                        invocation
                            .out()
                            .println(
                                IntStream.range(0, 7)
                                    .mapToObj(i -> invocation.arguments().at(i).orElse(""))
                                    .toList()))));
  }

  private static Command command(String name, Command.Action action) {
    return new Command(new Usage(name, List.of(), "for a test", List.of(), name), action);
  }

  private LineResult run(String line) {
    return new GogoLineExecutor(runtime).execute(line, home);
  }

  private void assertFails(String line, String message) {
    LineResult result = run(line);
    assertThat(result.exitCode()).as(line).isEqualTo(1);
    assertThat(result.stderr()).contains(message).endsWith("\n").containsOnlyOnce("\n");
    assertThat(result.stdout()).isEmpty();
  }
}
