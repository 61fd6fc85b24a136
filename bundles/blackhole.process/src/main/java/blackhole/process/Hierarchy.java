package blackhole.process;

import java.nio.file.Path;

/**
 * One of the trees of groups that the kernel keeps.
 *
 * @param own the group that this process was started in
 */
record Hierarchy(Version version, Path own) {
  enum Version {
    V1,
    V2;

    @Override
    public String toString() {
      return this == V1 ? "cgroup v1" : "cgroup v2";
    }
  }
}
