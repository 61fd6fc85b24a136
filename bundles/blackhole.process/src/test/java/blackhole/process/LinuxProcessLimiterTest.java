package blackhole.process;

import static blackhole.process.Children.await;
import static blackhole.process.Children.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLimits;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits by this machine's kernel, as far as it gives us the right; skipped where it does not. */
class LinuxProcessLimiterTest {
  private static final long MB = 1 << 20;
  private static final ProcessLimits LIMITS =
      new ProcessLimits(
          OptionalLong.of(64 * MB),
          OptionalLong.of(56 * MB),
          OptionalDouble.of(0.1),
          150,
          OptionalInt.of(6),
          OptionalInt.of(77),
          OptionalInt.of(9));

  @TempDir Path folder;
  private final String node = "test-" + UUID.randomUUID();
  private final LinuxProcessLauncher launcher = new LinuxProcessLauncher();
  private final LinuxProcessLimiter limiter = new LinuxProcessLimiter();
  private Children children;

  @BeforeEach
  void open() {
    children = new Children(launcher, folder);
  }

  @AfterEach
  void close() {
    children.close();
    limiter.remove(node, "it");
    limiter.removeEmpty(node, Set.of());
  }

  private ProcessGroup group() {
    return limiter.create(node, "it", LIMITS);
  }

  private LinuxProcessGroup enforced(Kind kind) {
    ProcessGroup group = group();
    assumeThat(state(group, kind)).as("of " + group.states()).matches(LimitState::enforced);
    assumeThat(((LinuxProcessGroup) group).groups()).isNotEmpty();
    return (LinuxProcessGroup) group;
  }

  private static LimitState state(ProcessGroup group, Kind kind) {
    return group.states().stream().filter(state -> state.kind() == kind).findFirst().orElseThrow();
  }

  private RunningProcess script(ProcessGroup group, String script) throws Exception {
    return children.started(
        launcher.launch(
            new ProcessSpec(
                List.of("sh", "-c", script),
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"),
                folder,
                children.output(),
                Optional.of(group))));
  }

  private static long throttled(LinuxProcessGroup group) {
    CgroupFiles files = new CgroupFiles();
    return group.groups().stream()
        .mapToLong(path -> files.count(path.resolve("cpu.stat"), "nr_throttled"))
        .sum();
  }

  @Test
  void whatSpinsIsThrottled() throws Exception {
    LinuxProcessGroup group = enforced(Kind.CPU_QUOTA);
    script(group, "while :; do :; done");
    until(() -> throttled(group) >= 5);
    assertThat(state(group, Kind.CPU_QUOTA).enforced()).isTrue();
  }

  @Test
  void aQuotaThatComesLaterBitesToo() throws Exception {
    LinuxProcessGroup group = enforced(Kind.CPU_QUOTA);
    group.apply(LIMITS.withoutCpuQuota());
    Children.Pipe pipe = children.pipe("pipe");
    script(group, "exec 3>pipe; echo up >&3; while :; do :; done");
    assertThat(pipe.line()).isEqualTo("up");
    assertThat(throttled(group)).isZero();
    group.apply(LIMITS);
    until(() -> throttled(group) >= 5);
  }

  @Test
  void whatLeaksIsKilledAndNamed() throws Exception {
    LinuxProcessGroup group = enforced(Kind.MEMORY);
    // holds what may be the last line, which never ends
    RunningProcess process = script(group, "exec tail /dev/zero");
    assertThat(await(process.onExit())).isEqualTo(137);
    assertThat(group.outOfMemory()).contains("cgroup limit 64 MB");
    assertThat(group.groups()).noneMatch(Files::exists);
  }

  @Test
  void anOperatorsKillIsNotNamedSo() throws Exception {
    LinuxProcessGroup group = enforced(Kind.MEMORY);
    RunningProcess process = script(group, "kill -KILL $$");
    assertThat(await(process.onExit())).isEqualTo(137);
    assertThat(group.outOfMemory()).isEmpty();
  }

  @Test
  void isInItsGroupsBeforeItsFirstInstruction() throws Exception {
    LinuxProcessGroup group = enforced(Kind.MEMORY);
    await(script(group, "cat /proc/self/cgroup").onExit());
    assertThat(children.printed()).contains("blackhole/" + node + "/it");
  }

  @Test
  void killReachesWhatHasHiddenItself() throws Exception {
    LinuxProcessGroup group = enforced(Kind.MEMORY);
    Children.Pipe pipe = children.pipe("pipe");
    // in a session of its own, and no descendant any more when the one between has ended
    RunningProcess process =
        script(
            group,
            "exec 3>pipe; (setsid sh -c 'echo hidden >&3; sleep 600' &) ; echo up >&3; sleep 600");
    assertThat(List.of(pipe.line(), pipe.line())).containsExactlyInAnyOrder("hidden", "up");
    process.kill();
    assertThat(await(process.onExit())).isEqualTo(137);
    assertThat(pipe.line()).as("held open by any that is left").isNull();
    assertThat(group.groups()).noneMatch(Files::exists);
  }

  @Test
  void whatACrashLeavesBehindGoesWithTheGroup() throws Exception {
    LinuxProcessGroup group = enforced(Kind.MEMORY);
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process =
        script(
            group, "exec 3>pipe; (setsid sh -c 'echo hidden >&3; sleep 600' &) ; sleep 0; exit 1");
    assertThat(await(process.onExit())).isEqualTo(1);
    String last = pipe.line();
    assertThat(last == null ? pipe.line() : last.equals("hidden") ? pipe.line() : last).isNull();
    assertThat(group.groups()).noneMatch(Files::exists);
    assertThat(group.groups()).noneMatch(path -> Files.exists(path.getParent()));
  }

  @Test
  void aBombOfThreadsMeetsItsOwnLimit() throws Exception {
    LinuxProcessGroup group = enforced(Kind.THREADS);
    RunningProcess process =
        script(group, "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 600 & done; exit 0");
    assertThat(await(process.onExit())).as("the shell cannot fork").isNotZero();
    assertThat(children.printed()).contains("fork");
    assertThat(group.groups()).noneMatch(Files::exists);
  }

  @Test
  void openFilesAreLimited() throws Exception {
    ProcessGroup group = group();
    assumeThat(state(group, Kind.OPEN_FILES)).matches(LimitState::enforced);
    await(script(group, "ulimit -Sn; ulimit -Hn").onExit());
    assertThat(children.printed()).isEqualTo("77\n77\n");
  }

  @Test
  void openFilesAndIoLevelChangeWhileItRuns() throws Exception {
    ProcessGroup group = group();
    assumeThat(state(group, Kind.OPEN_FILES)).matches(LimitState::enforced);
    assumeThat(state(group, Kind.IO_LEVEL)).matches(LimitState::enforced);
    Children.Pipe pipe = children.pipe("pipe");
    RunningProcess process = script(group, "exec 3>pipe; echo up >&3; sleep 600 & wait");
    assertThat(pipe.line()).isEqualTo("up");
    group.apply(
        new ProcessLimits(
            LIMITS.memoryBytes(),
            LIMITS.softMemoryBytes(),
            LIMITS.cpuCores(),
            LIMITS.cpuWeight(),
            OptionalInt.of(2),
            OptionalInt.of(55)));
    Path limits = Path.of("/proc", "" + process.identity().pid(), "limits");
    assertThat(Files.readString(limits)).containsPattern("Max open files +55 +55");
    assertThat(state(group, Kind.IO_LEVEL))
        .isEqualTo(LimitState.enforced(Kind.IO_LEVEL, "ionice, best effort 2"));
  }

  @Test
  void aLimitOfFilesThatIsTakenAwayStaysAndSaysSo() throws Exception {
    ProcessGroup group = group();
    assumeThat(state(group, Kind.OPEN_FILES)).matches(LimitState::enforced);
    Children.Pipe pipe = children.pipe("pipe");
    script(group, "exec 3>pipe; echo up >&3; sleep 600 & wait");
    assertThat(pipe.line()).isEqualTo("up");
    group.apply(ProcessLimits.NONE);
    assertThat(state(group, Kind.OPEN_FILES).reason())
        .isEqualTo("the limit of 77 stays until a restart");
  }

  @Test
  void theBufferAndTheWeightStandInTheKernelsFiles() throws Exception {
    LinuxProcessGroup group = enforced(Kind.SOFT_MEMORY);
    boolean first = state(group, Kind.SOFT_MEMORY).how().contains("v1");
    assertThat(control(group, first ? "memory.soft_limit_in_bytes" : "memory.high"))
        .isEqualTo("" + 56 * MB);
    assumeThat(state(group, Kind.CPU_WEIGHT).how()).startsWith("cgroup");
    assertThat(control(group, first ? "cpu.shares" : "cpu.weight"))
        .isEqualTo(first ? "1536" : "150");
  }

  @Test
  void aPeriodComesAndGoesInTheKernelsFiles() throws Exception {
    LinuxProcessGroup group = enforced(Kind.CPU_QUOTA);
    assertThat(bandwidth(group)).isEqualTo("10000 100000");
    group.apply(LIMITS.withCpuPeriod(Duration.ofMillis(20)));
    assertThat(bandwidth(group)).isEqualTo("2000 20000");
    assertThat(state(group, Kind.CPU_QUOTA).enforced()).isTrue();
    group.apply(LIMITS);
    assertThat(bandwidth(group)).isEqualTo("10000 100000");
  }

  private static String bandwidth(LinuxProcessGroup group) throws Exception {
    return state(group, Kind.CPU_QUOTA).how().contains("v1")
        ? control(group, "cpu.cfs_quota_us") + " " + control(group, "cpu.cfs_period_us")
        : control(group, "cpu.max");
  }

  @Test
  void theBackgroundIsLeftAgain() throws Exception {
    LinuxProcessGroup group = enforced(Kind.CPU_WEIGHT);
    boolean first = state(group, Kind.CPU_WEIGHT).how().contains("v1");
    group.apply(LIMITS.inBackground());
    assumeThat(state(group, Kind.CPU_WEIGHT).how()).as("Linux 5.15 or later").endsWith("cpu.idle");
    assertThat(control(group, "cpu.idle")).isEqualTo("1");
    group.apply(LIMITS);
    assertThat(control(group, "cpu.idle")).isEqualTo("0");
    assertThat(control(group, first ? "cpu.shares" : "cpu.weight"))
        .isEqualTo(first ? "1536" : "150");
  }

  private static String control(LinuxProcessGroup group, String name) throws Exception {
    for (Path path : group.groups()) {
      if (Files.exists(path.resolve(name))) {
        return Files.readString(path.resolve(name)).trim();
      }
    }
    throw new AssertionError("no " + name + " in " + group.groups());
  }

  @Test
  void withoutAnyToolItRunsAndSaysWhatIsMissing() throws Exception {
    LinuxProcessLimiter bare =
        new LinuxProcessLimiter(folder, new CgroupFiles(), folder.toString());
    ProcessGroup group = bare.create(node, "it", LIMITS);
    assertThat(group.prefix()).isEmpty();
    assertThat(group.states()).noneMatch(LimitState::enforced);
    assertThat(state(group, Kind.MEMORY).reason())
        .isEqualTo("this system has no cgroup with the memory controller");
    assertThat(state(group, Kind.IO_LEVEL).reason()).isEqualTo("no ionice on PATH");
    assertThat(await(script(group, "exit 3").onExit())).isEqualTo(3);
    assertThat(group.outOfMemory()).isEmpty();
  }

  @Test
  void aGroupIsNoPath() {
    assertThatThrownBy(() -> limiter.create(node, "..", LIMITS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> limiter.create("a/b", "it", LIMITS))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
