package blackhole.process;

import blackhole.api.process.LimitState;
import blackhole.api.process.LimitState.Kind;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A group in whatever cgroups there are, beside what the exec chain sets. */
final class LinuxProcessGroup implements ProcessGroup {
  private final String node;
  private final String process;
  private final Grip<MemoryController> memory;
  private final Grip<CpuController> cpu;
  private final CpuPriority priority;
  private final Grip<ThreadController> threads;
  private final LimitTools tools;
  private final CgroupFiles files;
  private final ProcFs procFs;
  private final Map<Path, CgroupTree> groups = new LinkedHashMap<>();

  private final Map<Kind, Outcome> outcomes = new EnumMap<>(Kind.class);
  private ProcessLimits limits = ProcessLimits.NONE;
  private List<String> prefix = List.of();
  private @Nullable ProcessIdentity started;
  private Optional<String> outOfMemory = Optional.empty();
  private boolean closed;

  LinuxProcessGroup(
      String node,
      String process,
      Grip<MemoryController> memory,
      Grip<CpuController> cpu,
      Grip<ThreadController> threads,
      LimitTools tools,
      CgroupFiles files,
      ProcFs procFs) {
    this.node = node;
    this.process = process;
    this.memory = memory;
    this.cpu = cpu;
    this.priority = new CpuPriority(cpu, tools);
    this.threads = threads;
    this.tools = tools;
    this.files = files;
    this.procFs = procFs;
    memory.held().ifPresent(held -> groups.put(held.group(), held.tree()));
    cpu.held().ifPresent(held -> groups.put(held.group(), held.tree()));
    threads.held().ifPresent(held -> groups.put(held.group(), held.tree()));
  }

  /** Where it is. */
  Collection<Path> groups() {
    return groups.keySet();
  }

  @Override
  public synchronized List<String> prefix() {
    return prefix;
  }

  @Override
  public synchronized void started(ProcessIdentity identity) {
    started = identity;
  }

  @Override
  public synchronized void apply(ProcessLimits wanted) {
    if (closed) {
      return;
    }
    ProcessLimits before = limits;
    limits = wanted;
    wanted
        .memoryBytes()
        .ifPresent(bytes -> outcomes.put(Kind.MEMORY, memory.set((c, g) -> c.limit(g, bytes))));
    wanted
        .softMemoryBytes()
        .ifPresent(
            bytes -> outcomes.put(Kind.SOFT_MEMORY, memory.set((c, g) -> c.softLimit(g, bytes))));
    quota(bandwidth(before), bandwidth(wanted));
    Optional<Integer> nice = priority.set(wanted, started);
    outcomes.put(Kind.CPU_WEIGHT, priority.outcome());
    io(before.ioLevel(), wanted.ioLevel());
    openFiles(before.openFiles(), wanted.openFiles());
    threads(before.threads(), wanted.threads());
    if (started == null) {
      prefix = chain(nice);
    }
  }

  private static Optional<CpuBandwidth> bandwidth(ProcessLimits limits) {
    OptionalDouble cores = limits.cpuCores();
    return cores.isPresent()
        ? Optional.of(CpuBandwidth.of(cores.getAsDouble(), limits.cpuPeriod()))
        : Optional.empty();
  }

  private void quota(Optional<CpuBandwidth> before, Optional<CpuBandwidth> wanted) {
    if (wanted.isPresent()) {
      outcomes.put(Kind.CPU_QUOTA, cpu.set((c, g) -> c.quota(g, wanted)));
    } else {
      outcomes.remove(Kind.CPU_QUOTA);
      if (before.isPresent()) {
        cpu.set((c, g) -> c.quota(g, wanted));
      }
    }
  }

  private void threads(OptionalInt before, OptionalInt wanted) {
    if (wanted.isPresent()) {
      outcomes.put(Kind.THREADS, threads.set((c, g) -> c.limit(g, wanted)));
    } else {
      outcomes.remove(Kind.THREADS);
      if (before.isPresent()) {
        threads.set((c, g) -> c.limit(g, wanted));
      }
    }
  }

  private void io(OptionalInt before, OptionalInt wanted) {
    if (wanted.isPresent() && !(started != null && before.equals(wanted))) {
      int level = wanted.getAsInt();
      outcomes.put(
          Kind.IO_LEVEL,
          started == null ? tools.canIonice(level) : tools.ionice(started.pid(), level));
    }
  }

  private void openFiles(OptionalInt before, OptionalInt wanted) {
    if (wanted.isPresent() && !(started != null && before.equals(wanted))) {
      int count = wanted.getAsInt();
      Outcome outcome = tools.canLimitFiles(count);
      outcomes.put(
          Kind.OPEN_FILES,
          outcome.enforced() && started != null ? tools.limitFiles(started.pid(), count) : outcome);
    } else if (wanted.isEmpty() && before.isPresent()) {
      // the node's own limit may be above what a process may take back once it was lowered
      outcomes.put(
          Kind.OPEN_FILES,
          Outcome.failed("the limit of " + before.getAsInt() + " stays until a restart"));
    }
  }

  private List<String> chain(Optional<Integer> nice) {
    List<String> chain = new ArrayList<>(tools.join(groups.keySet()));
    nice.ifPresent(value -> chain.addAll(tools.nice(value)));
    if (holds(Kind.IO_LEVEL)) {
      chain.addAll(tools.ioniced(limits.ioLevel().orElseThrow()));
    }
    if (holds(Kind.OPEN_FILES)) {
      chain.addAll(tools.fileLimit(limits.openFiles().orElseThrow()));
    }
    return List.copyOf(chain);
  }

  private boolean holds(Kind kind) {
    Outcome outcome = outcomes.get(kind);
    return outcome != null && outcome.enforced();
  }

  @Override
  public synchronized List<LimitState> states() {
    List<LimitState> states = new ArrayList<>();
    outcomes.forEach((kind, outcome) -> states.add(checked(kind, outcome).state(kind)));
    return states;
  }

  /** What the kernel was told of a group holds for those who are in it. */
  private Outcome checked(Kind kind, Outcome outcome) {
    Optional<Path> group =
        switch (kind) {
          case MEMORY, SOFT_MEMORY -> memory.held().map(Grip.Held::group);
          case CPU_QUOTA, CPU_WEIGHT -> cpu.held().map(Grip.Held::group);
          case THREADS -> threads.held().map(Grip.Held::group);
          case IO_LEVEL, OPEN_FILES -> Optional.empty();
        };
    ProcessIdentity running = started;
    if (!outcome.enforced() || group.isEmpty() || running == null || closed) {
      return outcome;
    }
    boolean member = files.processes(group.get()).contains(running.pid());
    return member || !procFs.lives(running)
        ? outcome
        : Outcome.failed("its process is not in " + group.get());
  }

  @Override
  public synchronized Optional<String> outOfMemory() {
    if (!closed) {
      outOfMemory = memory.held().flatMap(this::outOfMemory);
    }
    return outOfMemory;
  }

  private Optional<String> outOfMemory(Grip.Held<MemoryController> held) {
    if (held.controller().kills(held.controls()) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        held.controller().reachedLimit(held.controls()) && limits.memoryBytes().isPresent()
            ? "cgroup limit " + (limits.memoryBytes().getAsLong() >> 20) + " MB"
            : "killed below its limit, for want of memory around it");
  }

  @Override
  public boolean containsDescendants() {
    return !groups.isEmpty();
  }

  @Override
  public void kill() {
    groups.forEach((group, tree) -> tree.kill(group));
  }

  @Override
  public void close() {
    synchronized (this) {
      outOfMemory = outOfMemory();
      closed = true;
    }
    // not under the lock: it may wait for processes to end
    for (CgroupTree tree : groups.values()) {
      tree.remove(node, process);
    }
  }

  @Override
  public String toString() {
    return node + "/" + process;
  }
}
