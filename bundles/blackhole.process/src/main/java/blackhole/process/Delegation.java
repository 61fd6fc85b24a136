package blackhole.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Hands controllers down a v2 tree. But for the root, a group there holds either processes or
 * groups with controllers, never both; and the node itself is in the group that its hosts' groups
 * are to be made in. So the node moves into a group beside theirs, if it is alone: processes of
 * others, a login shell for example, are not ours to move.
 */
final class Delegation {
  private static final String NODE = "blackhole-node";

  private final CgroupFiles files;
  private final LongPredicate isOurs;

  /**
   * @param isOurs whether a process belongs to this node
   */
  Delegation(CgroupFiles files, LongPredicate isOurs) {
    this.files = files;
    this.isOurs = isOurs;
  }

  /** Where the node's groups are made, seen from where the node is; it may have moved before. */
  static Path base(Path own) {
    Path name = own.getFileName();
    Path parent = own.getParent();
    return name != null && parent != null && name.toString().equals(NODE) ? parent : own;
  }

  /**
   * Makes a controller available to the groups in a group.
   *
   * @throws IOException with the reason in words
   */
  void enable(Path group, String controller) throws IOException {
    Path control = group.resolve("cgroup.subtree_control");
    if (isEnabled(control, controller)) {
      return;
    }
    try {
      files.write(control, "+" + controller);
    } catch (IOException e) {
      List<Long> inTheWay = files.processes(group);
      if (inTheWay.isEmpty()) {
        throw new IOException(CgroupFiles.reason(control, e), e);
      }
      moveNode(group, inTheWay);
      write(control, "+" + controller);
    }
  }

  private boolean isEnabled(Path control, String controller) throws IOException {
    try {
      return Arrays.asList(files.read(control).trim().split(" ", -1)).contains(controller);
    } catch (IOException e) {
      throw new IOException(CgroupFiles.reason(control, e), e);
    }
  }

  private void moveNode(Path group, List<Long> pids) throws IOException {
    for (long pid : pids) {
      if (!isOurs.test(pid)) {
        throw new IOException(
            "the node shares its cgroup "
                + group
                + " with other processes ("
                + pid
                + "); run it in one of its own, as by systemd-run --scope -p Delegate=yes");
      }
    }
    Path node = group.resolve(NODE);
    try {
      files.makeGroup(node);
    } catch (IOException e) {
      throw new IOException(CgroupFiles.reason(node, e), e);
    }
    for (long pid : pids) {
      write(node.resolve("cgroup.procs"), Long.toString(pid));
    }
  }

  private void write(Path file, String value) throws IOException {
    try {
      files.write(file, value);
    } catch (IOException e) {
      throw new IOException(CgroupFiles.reason(file, e), e);
    }
  }
}
