package blackhole.process;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The groups of a node's processes in one hierarchy, at {@code blackhole/NODE/PROCESS} below the
 * node's own: the two above come with the first process and go with the last. Thread-safe.
 */
final class CgroupTree {
  private static final Logger LOG = System.getLogger(CgroupTree.class.getName());
  private static final String ROOT = "blackhole";

  /**
   * Killed processes leave their group a moment later; whoever takes longer hangs in the kernel.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long LOOK_EVERY_NANOS = 2_000_000;

  private final CgroupFiles files;
  private final Hierarchy hierarchy;
  private final Delegation delegation;

  CgroupTree(CgroupFiles files, Hierarchy hierarchy, Delegation delegation) {
    this.files = files;
    this.hierarchy = hierarchy;
    this.delegation = delegation;
  }

  Hierarchy.Version version() {
    return hierarchy.version();
  }

  private Path node(String node) {
    return hierarchy.own().resolve(ROOT).resolve(node);
  }

  Path group(String node, String process) {
    return node(node).resolve(process);
  }

  /**
   * Makes a process's group, with this controller.
   *
   * @throws IOException with the reason in words
   */
  synchronized Path create(String node, String process, String controller) throws IOException {
    Path made = hierarchy.own();
    enable(made, controller);
    for (String name : List.of(ROOT, node)) {
      made = make(made.resolve(name));
      enable(made, controller);
    }
    return make(made.resolve(process));
  }

  private void enable(Path group, String controller) throws IOException {
    if (hierarchy.version() == Hierarchy.Version.V2) {
      delegation.enable(group, controller);
    }
  }

  private Path make(Path group) throws IOException {
    try {
      files.makeGroup(group);
    } catch (NoSuchFileException e) {
      // another node's end took the folder above with it
      try {
        files.makeGroup(group.resolveSibling(""));
        files.makeGroup(group);
      } catch (IOException again) {
        throw new IOException(CgroupFiles.reason(group, again), again);
      }
    } catch (IOException e) {
      throw new IOException(CgroupFiles.reason(group, e), e);
    }
    return group;
  }

  /** Ends all processes in a group; waits until they have left it, but not for long. */
  void kill(Path group) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (killOnce(group) && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Gives whether there were any. */
  private boolean killOnce(Path group) {
    boolean any = false;
    for (Path inner : files.groups(group)) {
      any |= killOnce(inner);
    }
    if (files.processes(group).isEmpty()) {
      return any;
    }
    Path all = group.resolve("cgroup.kill");
    if (files.exists(all)) {
      try {
        files.write(all, "1");
        return true;
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "kills one by one", e);
      }
    }
    // a handle remembers the start of its process; so the handles first, then the look whether
    // their processes are still the ones in the group
    List<ProcessHandle> handles =
        files.processes(group).stream()
            .flatMap(pid -> ProcessHandle.of(pid).stream())
            .filter(handle -> handle.pid() != ProcessHandle.current().pid())
            .toList();
    List<Long> still = files.processes(group);
    handles.stream()
        .filter(handle -> still.contains(handle.pid()))
        .forEach(ProcessHandle::destroyForcibly);
    return true;
  }

  /** Removes a process's group, and what else it leaves empty; ends what is still in it. */
  void remove(String node, String process) {
    Path group = group(node, process);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (files.exists(group)) {
      kill(group);
      try {
        removeAll(group);
      } catch (IOException e) {
        if (System.nanoTime() - deadline >= 0) {
          LOG.log(Level.WARNING, CgroupFiles.reason(group, e));
          return;
        }
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
    }
    removeParents(node);
  }

  private void removeAll(Path group) throws IOException {
    for (Path inner : files.groups(group)) {
      removeAll(inner);
    }
    try {
      files.removeGroup(group);
    } catch (NoSuchFileException e) {
      // somebody was faster
    }
  }

  /** Removes the groups of a node that hold no process; gives those that do. */
  List<Path> removeEmpty(String node) {
    List<Path> occupied =
        files.groups(node(node)).stream().filter(group -> !removedEmpty(group)).toList();
    removeParents(node);
    return occupied;
  }

  private boolean removedEmpty(Path group) {
    try {
      removeAll(group);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the groups above those of a node's processes, unless they are in use. */
  synchronized void removeParents(String node) {
    for (Path parent : List.of(node(node), hierarchy.own().resolve(ROOT))) {
      try {
        if (!files.exists(parent)) {
          continue;
        }
        files.removeGroup(parent);
      } catch (IOException e) {
        // others of its groups are in use
        return;
      }
    }
  }
}
