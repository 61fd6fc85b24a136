package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits by a v2 tree, in its format. */
class UnifiedLimitsTest {
  private static final long MB = 1 << 20;
  private static final long SELF = ProcessHandle.current().pid();

  @TempDir Path folder;

  private static ProcessLimits limits(double cores) {
    return new ProcessLimits(
        OptionalLong.of(256 * MB),
        OptionalLong.of(200 * MB),
        OptionalDouble.of(cores),
        150,
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  private LinuxProcessLimiter limiter(UnifiedTree tree) {
    return new LinuxProcessLimiter(tree.proc, tree, System.getenv("PATH"));
  }

  private static LimitState state(ProcessGroup group, Kind kind) {
    return group.states().stream().filter(state -> state.kind() == kind).findFirst().orElseThrow();
  }

  @Test
  void theLimitsAreWrittenBeforeTheProcessIsThere() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(0.5));
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    assertThat(tree.value(made, "memory.max")).isEqualTo("" + 256 * MB);
    assertThat(tree.value(made, "memory.high")).isEqualTo("" + 200 * MB);
    assertThat(tree.value(made, "memory.swap.max")).isEqualTo("0");
    assertThat(tree.value(made, "memory.oom.group")).isEqualTo("1");
    assertThat(tree.value(made, "cpu.max")).isEqualTo("50000 100000");
    assertThat(tree.value(made, "cpu.weight")).isEqualTo("150");
    assertThat(group.states())
        .containsExactly(
            LimitState.enforced(Kind.MEMORY, "cgroup v2 memory.max"),
            LimitState.enforced(Kind.SOFT_MEMORY, "cgroup v2 memory.high"),
            LimitState.enforced(Kind.CPU_QUOTA, "cgroup v2 cpu.max"),
            LimitState.enforced(Kind.CPU_WEIGHT, "cgroup v2 cpu.weight"));
    assertThat(group.prefix()).as("joins").containsOnlyOnce(made.toString());
    group.close();
    assertThat(tree.own.resolve("blackhole")).doesNotExist();
  }

  @Test
  void threadsAreLimitedWhereThatIsWanted() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory pids");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", threads(77));
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    assertThat(tree.value(made, "pids.max")).isEqualTo("77");
    assertThat(state(group, Kind.THREADS))
        .isEqualTo(LimitState.enforced(Kind.THREADS, "cgroup v2 pids.max"));
    group.apply(threads(88));
    assertThat(tree.value(made, "pids.max")).isEqualTo("88");
    group.apply(limits(1));
    assertThat(tree.value(made, "pids.max")).as("not limited any more").isEqualTo("max");
    assertThat(group.states()).extracting(LimitState::kind).doesNotContain(Kind.THREADS);
    group.close();
    assertThat(tree.own.resolve("blackhole")).doesNotExist();
  }

  @Test
  void withoutThatControllerItIsSaid() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", threads(77));
    assertThat(state(group, Kind.THREADS).reason())
        .isEqualTo("cgroup v2 at " + tree.own + " has no pids controller");
    assertThat(state(group, Kind.MEMORY).enforced()).isTrue();
  }

  private static ProcessLimits threads(int count) {
    return new ProcessLimits(
        OptionalLong.of(256 * MB),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        100,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.of(count));
  }

  @Test
  void aQuotaComesLaterAndChanges() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(0.5).withoutCpuQuota());
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    assertThat(tree.value(made, "cpu.max")).isEmpty();
    assertThat(group.states()).extracting(LimitState::kind).doesNotContain(Kind.CPU_QUOTA);
    group.apply(limits(1.25));
    assertThat(tree.value(made, "cpu.max")).isEqualTo("125000 100000");
    group.apply(limits(0.5).withoutCpuQuota());
    assertThat(tree.value(made, "cpu.max")).isEqualTo("max 100000");
  }

  @Test
  void aShorterPeriodHasASmallerQuota() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group =
        limiter(tree)
            .create("h0me", "identity-1", limits(0.5).withCpuPeriod(Duration.ofMillis(10)));
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    assertThat(tree.value(made, "cpu.max")).isEqualTo("5000 10000");
    group.apply(limits(0.5));
    assertThat(tree.value(made, "cpu.max")).isEqualTo("50000 100000");
  }

  @Test
  void whatIsInTheBackgroundHasNoWeightUntilItComesBack() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1).inBackground());
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    assertThat(tree.value(made, "cpu.idle")).isEqualTo("1");
    assertThat(state(group, Kind.CPU_WEIGHT))
        .isEqualTo(LimitState.enforced(Kind.CPU_WEIGHT, "cgroup v2 cpu.idle"));
    group.apply(limits(1));
    assertThat(tree.value(made, "cpu.idle")).isEqualTo("0");
    assertThat(tree.value(made, "cpu.weight")).isEqualTo("150");
    assertThat(state(group, Kind.CPU_WEIGHT).how()).isEqualTo("cgroup v2 cpu.weight");
  }

  /** As it was found by the next orchestrator. */
  @Test
  void aGroupThatIsInTheBackgroundAlreadyComesBackToo() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    limiter(tree).create("h0me", "identity-1", limits(1).inBackground());
    ProcessGroup again = limiter(tree).create("h0me", "identity-1", limits(1));
    assertThat(again.states()).allMatch(LimitState::enforced);
    assertThat(tree.value(tree.own.resolve("blackhole/h0me/identity-1"), "cpu.idle"))
        .isEqualTo("0");
  }

  @Test
  void anOlderKernelHasALowWeightForTheBackground() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    Files.delete(made.resolve("cpu.idle"));
    group.apply(limits(1).inBackground());
    assertThat(tree.value(made, "cpu.weight")).isEqualTo("10");
    group.apply(limits(1));
    assertThat(tree.value(made, "cpu.weight")).isEqualTo("150");
  }

  @Test
  void memoryItsBufferAndTheWeightChangeToo() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(0.5));
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    group.apply(
        new ProcessLimits(
            OptionalLong.of(512 * MB),
            OptionalLong.of(400 * MB),
            OptionalDouble.empty(),
            37,
            OptionalInt.empty(),
            OptionalInt.empty()));
    assertThat(tree.value(made, "memory.max")).isEqualTo("" + 512 * MB);
    assertThat(tree.value(made, "memory.high")).isEqualTo("" + 400 * MB);
    assertThat(tree.value(made, "cpu.weight")).isEqualTo("37");
  }

  @Test
  void aNodeAloneInItsGroupMovesAside() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory", SELF);
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    assertThat(group.states()).allMatch(LimitState::enforced);
    assertThat(tree.processes(tree.own)).isEmpty();
    assertThat(tree.processes(tree.own.resolve("blackhole-node"))).containsExactly(SELF);
  }

  @Test
  void aNodeAmongOthersStaysAndSaysWhy() throws Exception {
    long stranger = 1;
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory", SELF, stranger);
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    assertThat(state(group, Kind.MEMORY).enforced()).isFalse();
    assertThat(state(group, Kind.MEMORY).reason())
        .startsWith("the node shares its cgroup " + tree.own + " with other processes (1)");
    assertThat(tree.processes(tree.own)).containsExactly(SELF, stranger);
    assertThat(group.prefix()).as("nothing to join").doesNotContain("-c");
  }

  @Test
  void oneControllerMayBeMissing() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    assertThat(state(group, Kind.MEMORY).reason())
        .isEqualTo("cgroup v2 at " + tree.own + " has no memory controller");
    assertThat(state(group, Kind.CPU_QUOTA).enforced()).isTrue();
  }

  @Test
  void aReadOnlyTreeIsNamed() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    tree.readOnly = true;
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    assertThat(state(group, Kind.MEMORY).reason())
        .isEqualTo(
            "cannot write "
                + tree.own.resolve("cgroup.subtree_control")
                + ": Read-only file system");
    group.close();
  }

  @Test
  void withoutRightsItIsSaid() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    tree.denied = true;
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    String reason = "no rights to write " + tree.own.resolve("cgroup.subtree_control");
    assertThat(group.states())
        .filteredOn(state -> state.kind() != Kind.CPU_WEIGHT)
        .containsExactly(
            LimitState.notEnforced(Kind.MEMORY, reason),
            LimitState.notEnforced(Kind.SOFT_MEMORY, reason),
            LimitState.notEnforced(Kind.CPU_QUOTA, reason));
    group.close();
  }

  @Test
  void whatCannotBeMadeLeavesNothingBehind() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    tree.refused = "identity-1";
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    assertThat(state(group, Kind.CPU_QUOTA).reason())
        .endsWith("identity-1: Resource temporarily unavailable");
    assertThat(tree.own.resolve("blackhole")).doesNotExist();
  }

  @Test
  void aProcessThatHasNotJoinedIsSaid() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    Path made = tree.own.resolve("blackhole/h0me/identity-1");
    group.started(new LinuxProcessLauncher().find(SELF).orElseThrow());
    assertThat(state(group, Kind.MEMORY).reason()).isEqualTo("its process is not in " + made);
    Files.writeString(made.resolve("cgroup.procs"), SELF + "\n");
    assertThat(state(group, Kind.MEMORY).enforced()).isTrue();
  }

  @Test
  void whatTheKernelKilledForItsMemoryIsNamed() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    ProcessGroup group = limiter(tree).create("h0me", "identity-1", limits(1));
    Path events = tree.own.resolve("blackhole/h0me/identity-1/memory.events");
    Files.writeString(events, "low 0\nhigh 3\nmax 7\noom 0\noom_kill 0\noom_group_kill 0\n");
    assertThat(group.outOfMemory()).isEmpty();
    Files.writeString(events, "low 0\nhigh 3\nmax 7\noom 0\noom_kill 1\noom_group_kill 0\n");
    assertThat(group.outOfMemory())
        .hasValueSatisfying(words -> assertThat(words).contains("around"));
    Files.writeString(events, "low 0\nhigh 3\nmax 7\noom 2\noom_kill 1\noom_group_kill 1\n");
    assertThat(group.outOfMemory()).contains("cgroup limit 256 MB");
    group.close();
    assertThat(group.outOfMemory())
        .as("known after the group is gone")
        .contains("cgroup limit 256 MB");
  }

  @Test
  void emptyGroupsOfEarlierRunsGoAndOthersStay() throws Exception {
    UnifiedTree tree = new UnifiedTree(folder, "cpu memory");
    LinuxProcessLimiter limiter = limiter(tree);
    limiter.create("h0me", "identity-1", limits(1));
    limiter.create("h0me", "storage-1", limits(1));
    limiter.create("0ther", "storage-1", limits(1));
    Path mine = tree.own.resolve("blackhole/h0me");
    Files.writeString(mine.resolve("storage-1/cgroup.procs"), "1\n");
    limiter(tree).removeEmpty("h0me", Set.of());
    assertThat(tree.groups(mine)).isEqualTo(List.of(mine.resolve("storage-1")));
    assertThat(tree.own.resolve("blackhole/0ther/storage-1")).exists();
  }
}
