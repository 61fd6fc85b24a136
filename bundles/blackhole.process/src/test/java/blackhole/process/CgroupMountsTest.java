package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The lines are those of real machines. */
class CgroupMountsTest {
  private static final String V1 =
      """
      31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
      32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
      """;
  private static final String UNIFIED =
      "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
  private static final String V2 =
      "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";

  /** Every folder is there; the controllers of v2 are those given for a group. */
  private static CgroupFiles offering(Map<String, String> controllers) {
    return new CgroupFiles() {
      @Override
      boolean exists(Path path) {
        return true;
      }

      @Override
      String read(Path file) throws IOException {
        String offered = controllers.get(file.getParent().toString());
        if (offered == null) {
          throw new IOException("no " + file);
        }
        return offered + "\n";
      }
    };
  }

  private static Place place(String controller, String memberships, String mounts) {
    return new CgroupMounts(memberships, mounts, offering(Map.of())).place(controller);
  }

  private static Place.At at(Hierarchy.Version version, String own) {
    return new Place.At(new Hierarchy(version, Path.of(own)));
  }

  @Test
  void v1HasATreeForEachController() {
    String memberships = "4:memory:/user/me\n1:cpu,cpuacct:/\n9:name=systemd:/\n";
    assertThat(place("memory", memberships, V1))
        .isEqualTo(at(Hierarchy.Version.V1, "/sys/fs/cgroup/memory/user/me"));
    assertThat(place("cpu", memberships, V1))
        .isEqualTo(at(Hierarchy.Version.V1, "/sys/fs/cgroup/cpu,cpuacct"));
  }

  @Test
  void v2HasOneTreeForAll() {
    String own = "/sys/fs/cgroup/system.slice/blackhole.service";
    CgroupFiles files = offering(Map.of(own, "cpu memory pids"));
    CgroupMounts mounts = new CgroupMounts("0::/system.slice/blackhole.service\n", V2, files);
    assertThat(mounts.place("memory")).isEqualTo(at(Hierarchy.Version.V2, own));
    assertThat(mounts.place("cpu")).isEqualTo(at(Hierarchy.Version.V2, own));
  }

  @Test
  void aNodeThatHasMovedBelowFindsTheSamePlace() {
    String own = "/sys/fs/cgroup/blackhole.service";
    CgroupFiles files = offering(Map.of(own, "cpu memory"));
    CgroupMounts mounts = new CgroupMounts("0::/blackhole.service/blackhole-node\n", V2, files);
    assertThat(mounts.place("memory")).isEqualTo(at(Hierarchy.Version.V2, own));
  }

  @Test
  void v2WithoutControllersSaysSo() {
    CgroupMounts mounts =
        new CgroupMounts("0::/\n", V2, offering(Map.of("/sys/fs/cgroup", "hugetlb")));
    assertThat(mounts.place("memory"))
        .isEqualTo(new Place.Nowhere("cgroup v2 at /sys/fs/cgroup has no memory controller"));
  }

  @Test
  void inAHybridEachControllerIsWhereItIs() {
    CgroupFiles files = offering(Map.of("/sys/fs/cgroup/unified/a", "cpu"));
    CgroupMounts mounts = new CgroupMounts("4:memory:/a\n0::/a\n", V1 + UNIFIED, files);
    assertThat(mounts.place("memory"))
        .isEqualTo(at(Hierarchy.Version.V1, "/sys/fs/cgroup/memory/a"));
    assertThat(mounts.place("cpu")).isEqualTo(at(Hierarchy.Version.V2, "/sys/fs/cgroup/unified/a"));
  }

  @Test
  void inAContainerTheMountShowsAPartOfTheTree() {
    String mounts =
        "35 31 0:32 /docker/c1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            + "36 31 0:33 /docker/c1 /a\\040b rw - cgroup cgroup rw,cpu\n";
    String memberships = "4:memory:/docker/c1/inner\n3:cpu:/docker/c1\n";
    assertThat(place("memory", memberships, mounts))
        .isEqualTo(at(Hierarchy.Version.V1, "/sys/fs/cgroup/memory/inner"));
    assertThat(place("cpu", memberships, mounts)).isEqualTo(at(Hierarchy.Version.V1, "/a b"));
  }

  @Test
  void whatIsOutsideOfTheMountIsHidden() {
    String mounts = "35 31 0:32 /docker/c1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
    assertThat(place("memory", "4:memory:/docker/c10\n", mounts))
        .isEqualTo(
            new Place.Nowhere(
                "the cgroup v1 of this node (/docker/c10, memory) is not to be seen under any"
                    + " mount"));
    assertThat(place("memory", "0::/../other\n", V2)).isInstanceOf(Place.Nowhere.class);
  }

  @Test
  void aSystemWithoutCgroupsSaysSo() {
    assertThat(place("cpu", "", ""))
        .isEqualTo(new Place.Nowhere("this system has no cgroup with the cpu controller"));
    assertThat(place("cpu", "rubbish\n1:\n", "rubbish\n1 2 - cgroup\n"))
        .isInstanceOf(Place.Nowhere.class);
  }
}
