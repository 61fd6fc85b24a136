package blackhole.process;

import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLimiter;
import blackhole.api.process.ProcessLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Holds processes to limits by cgroups, v1 or v2, and by the programs of {@link LimitTools}. What
 * the system offers is looked at once, when this is made: but for the group that it is in, nothing
 * of that changes while a process lives.
 */
@Component
public final class LinuxProcessLimiter implements ProcessLimiter {
  private static final Logger LOG = System.getLogger(LinuxProcessLimiter.class.getName());
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private final CgroupFiles files;
  private final LimitTools tools;
  private final ProcFs procFs = new ProcFs();
  private final Place memory;
  private final Place cpu;
  private final Place threads;
  private final Map<Hierarchy, CgroupTree> trees = new HashMap<>();

  @Activate
  public LinuxProcessLimiter() {
    this(Path.of("/proc"), new CgroupFiles(), System.getenv("PATH"));
  }

  /**
   * @param proc where this process's memberships, mounts and rights are read
   * @param searchPath where programs are looked for
   */
  LinuxProcessLimiter(Path proc, CgroupFiles files, @Nullable String searchPath) {
    this.files = files;
    this.tools = new LimitTools(Privileges.ofThisProcess(proc), new Autogroups(proc), searchPath);
    CgroupMounts mounts = CgroupMounts.ofThisProcess(proc, files);
    this.memory = mounts.place(MemoryController.NAME);
    this.cpu = mounts.place(CpuController.NAME);
    this.threads = mounts.place(ThreadController.NAME);
    Delegation delegation = new Delegation(files, OwnProcesses::contains);
    for (Place place : List.of(memory, cpu, threads)) {
      if (place instanceof Place.At at) {
        trees.computeIfAbsent(
            at.hierarchy(), hierarchy -> new CgroupTree(files, hierarchy, delegation));
      }
    }
  }

  @Override
  public ProcessGroup create(String node, String process, ProcessLimits limits) {
    check(node);
    check(process);
    LinuxProcessGroup group =
        new LinuxProcessGroup(
            node,
            process,
            this.<MemoryController>grip(
                memory, MemoryController.NAME, node, process, MemoryController::of),
            this.<CpuController>grip(cpu, CpuController.NAME, node, process, CpuController::of),
            threads(node, process, limits),
            tools,
            files,
            procFs);
    group.apply(limits);
    return group;
  }

  /** A tree of v1 that is not needed is not entered. */
  private Grip<ThreadController> threads(String node, String process, ProcessLimits limits) {
    return limits.threads().isEmpty()
        ? Grip.none("it was started without a limit of threads")
        : grip(threads, ThreadController.NAME, node, process, version -> new ThreadController());
  }

  private interface Maker<C> {
    C of(Hierarchy.Version version);
  }

  private <C> Grip<C> grip(
      Place place, String controller, String node, String process, Maker<C> maker) {
    if (place instanceof Place.Nowhere nowhere) {
      return Grip.none(nowhere.reason());
    }
    if (tools.shell().isEmpty()) {
      return Grip.none("no sh on PATH, by which a process joins its cgroup");
    }
    CgroupTree tree = tree(((Place.At) place).hierarchy());
    try {
      Path made = tree.create(node, process, controller);
      Controls controls = new Controls(files, made, tree.version());
      return new Grip<>(
          Optional.of(new Grip.Held<>(maker.of(tree.version()), tree, made, controls)), "");
    } catch (IOException e) {
      tree.removeParents(node);
      return Grip.none(String.valueOf(e.getMessage()));
    }
  }

  private CgroupTree tree(Hierarchy hierarchy) {
    CgroupTree tree = trees.get(hierarchy);
    if (tree == null) {
      throw new IllegalStateException("no tree for " + hierarchy);
    }
    return tree;
  }

  @Override
  public void remove(String node, String process) {
    check(node);
    check(process);
    trees.values().forEach(tree -> tree.remove(node, process));
  }

  @Override
  public void removeEmpty(String node, Set<String> known) {
    check(node);
    Set<Path> occupied = new LinkedHashSet<>();
    trees.values().forEach(tree -> occupied.addAll(tree.removeEmpty(node)));
    occupied.removeIf(group -> known.contains(group.getFileName().toString()));
    for (Path group : occupied) {
      LOG.log(
          Level.WARNING,
          "the cgroup {0} of an earlier run holds processes that nobody knows: {1}",
          group,
          files.processes(group));
    }
  }

  /** Names become folders. */
  private static void check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name for a group: " + name);
    }
  }
}
