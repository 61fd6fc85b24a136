package blackhole.process;

import static blackhole.process.Children.until;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.AdoptedProcess;
import blackhole.api.process.LimitState;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLimits;
import blackhole.api.process.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundProcessTest {
  private static final String RUNS =
      "exec 3>pipe; trap 'echo asked >&3' TERM; sleep 600 & echo up >&3; while :; do wait; done";

  @TempDir Path folder;
  private final LinuxProcessLauncher launcher = new LinuxProcessLauncher();
  private final Group group = new Group();
  private Children children;

  @BeforeEach
  void open() {
    children = new Children(launcher, folder);
  }

  @AfterEach
  void close() {
    children.close();
  }

  @Test
  void obeysAndItsEndIsSeenThoughNotItsExitCode() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess started = children.script(RUNS);
    assertThat(pipe.line()).isEqualTo("up");
    AdoptedProcess adopted = launcher.adopt(started.identity(), group);
    assertThat(adopted.identity()).isEqualTo(started.identity());

    adopted.terminate();
    assertThat(pipe.line()).isEqualTo("asked");
    assertThat(exit(adopted)).isNotDone();

    adopted.kill();
    adopted.look();
    until(exit(adopted)::isCompletedExceptionally);
    assertThat(group.killed).isTrue();
    assertThat(group.closed).isTrue();
    assertThat(pipe.line()).as("held open by any that is left").isNull();
  }

  @Test
  void itsEndIsSeenWithoutAHint() throws Exception {
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess started = children.script(RUNS);
    assertThat(pipe.line()).isEqualTo("up");
    AdoptedProcess adopted = launcher.adopt(started.identity(), group);
    started.kill();
    until(exit(adopted)::isCompletedExceptionally);
    assertThat(group.closed).isTrue();
  }

  @Test
  void onlyWhatIsCertainEndsIt() throws Exception {
    ProcFs procFs = new ProcFs(folder);
    ProcessIdentity process = new ProcessIdentity(4711, 99);
    assertThat(procFs.hasEnded(process)).as("no such process").isTrue();
    Path stat = Files.createDirectory(folder.resolve("4711")).resolve("stat");
    assertThat(procFs.hasEnded(process)).as("cannot be looked at").isFalse();
    Files.writeString(stat, line("S", 99));
    assertThat(procFs.hasEnded(process)).as("lives").isFalse();
    Files.writeString(stat, line("T", 99));
    assertThat(procFs.hasEnded(process)).as("is stopped").isFalse();
    Files.writeString(stat, line("Z", 99));
    assertThat(procFs.hasEnded(process)).as("waits for its parent").isTrue();
    Files.writeString(stat, line("S", 100));
    assertThat(procFs.hasEnded(process)).as("is another").isTrue();
  }

  /** Fields as in proc_pid_stat(5). */
  private static String line(String state, long startTicks) {
    return "4711 (java) "
        + state
        + " 1 4711 4711 0 -1 4194304 1 0 0 0 10 5 0 0 20 0 30 0 "
        + startTicks
        + " 1000000 2000 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n";
  }

  private static CompletableFuture<Integer> exit(RunningProcess process) {
    return process.onExit().toCompletableFuture();
  }

  private static final class Group implements ProcessGroup {
    private volatile boolean killed;
    private volatile boolean closed;

    @Override
    public List<String> prefix() {
      return List.of();
    }

    @Override
    public void started(ProcessIdentity process) {}

    @Override
    public void apply(ProcessLimits limits) {}

    @Override
    public List<LimitState> states() {
      return List.of();
    }

    @Override
    public Optional<String> outOfMemory() {
      return Optional.empty();
    }

    @Override
    public boolean containsDescendants() {
      return false;
    }

    @Override
    public void kill() {
      killed = true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
