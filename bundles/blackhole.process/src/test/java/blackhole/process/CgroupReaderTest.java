package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.CgroupCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees laid out as the kernel shows them. */
class CgroupReaderTest {
  private static final long PID = 7;

  @TempDir Path root;

  @Test
  void readsV2() throws IOException {
    mounts("30 23 0:28 / " + root + "/cgroup rw shared:4 - cgroup2 cgroup2 rw");
    groups("0::/node/host");
    write(
        "cgroup/node/host/cpu.stat",
        "usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec 1500\n");
    write("cgroup/node/host/memory.events", "low 0\nhigh 4\nmax 5\noom 2\noom_kill 1\n");

    assertThat(counters()).contains(new CgroupCounters(count(3), micros(1500), count(1)));
  }

  @Test
  void readsV1() throws IOException {
    mounts(
        "32 31 0:29 / "
            + root
            + "/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
            + "35 31 0:32 / "
            + root
            + "/memory rw,nosuid - cgroup cgroup rw,memory");
    groups("4:memory:/node/host\n2:cpuacct,cpu:/node/host\n0::/");
    write("cpu/node/host/cpu.stat", "nr_periods 9\nnr_throttled 3\nthrottled_time 1500000\n");
    write("memory/node/host/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");

    assertThat(counters()).contains(new CgroupCounters(count(3), micros(1500), count(1)));
  }

  @Test
  void whatAControllerDoesNotCountIsEmpty() throws IOException {
    mounts("30 23 0:28 / " + root + "/cgroup rw - cgroup2 cgroup2 rw");
    groups("0::/node");
    write("cgroup/node/cpu.stat", "usage_usec 5\n");
    write("cgroup/node/memory.events", "oom_kill 0\n");

    assertThat(counters())
        .contains(new CgroupCounters(OptionalLong.empty(), Optional.empty(), count(0)));
  }

  @Test
  void v2WithoutControllersBesideV1() throws IOException {
    mounts(
        "32 31 0:29 / "
            + root
            + "/memory rw - cgroup cgroup rw,memory\n"
            + "41 31 0:38 / "
            + root
            + "/unified rw - cgroup2 cgroup2 rw");
    groups("4:memory:/node\n0::/session");
    write("memory/node/memory.oom_control", "oom_kill 2\n");
    write("unified/session/cgroup.procs", "7\n");

    assertThat(counters())
        .contains(new CgroupCounters(OptionalLong.empty(), Optional.empty(), count(2)));
  }

  @Test
  void inAContainerPathsBeginAtItsOwnGroup() throws IOException {
    mounts("30 23 0:28 /docker/abc " + root + "/cgroup ro - cgroup2 cgroup2 rw");
    write("cgroup/host/memory.events", "oom_kill 1\n");

    groups("0::/docker/abc/host");
    assertThat(counters()).isPresent();
    groups("0::/docker/abcd/host");
    assertThat(counters()).as("another's").isEmpty();
    groups("0::/../host");
    assertThat(counters()).as("outside").isEmpty();
  }

  @Test
  void theRootIsNobodysOwn() throws IOException {
    mounts("30 23 0:28 / " + root + "/cgroup rw - cgroup2 cgroup2 rw");
    write("cgroup/cpu.stat", "nr_throttled 3\n");
    groups("0::/");
    assertThat(counters()).isEmpty();
  }

  @Test
  void nothingIsKnownOfAProcessThatIsGone() throws IOException {
    mounts("30 23 0:28 / " + root + "/cgroup rw - cgroup2 cgroup2 rw");
    assertThat(counters()).isEmpty();
  }

  @Test
  void withoutMountsThereAreNoGroups() throws IOException {
    groups("0::/node");
    assertThat(counters()).isEmpty();
  }

  private Optional<CgroupCounters> counters() {
    return new CgroupReader(root.resolve("proc"), new ProcReader()).counters(PID);
  }

  private void mounts(String lines) throws IOException {
    write("proc/self/mountinfo", "22 1 0:20 / /proc rw - proc proc rw\n" + lines + "\n");
  }

  private void groups(String lines) throws IOException {
    write("proc/" + PID + "/cgroup", lines + "\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static OptionalLong count(long value) {
    return OptionalLong.of(value);
  }

  private static Optional<Duration> micros(long value) {
    return Optional.of(Duration.ofNanos(value * 1000));
  }
}
