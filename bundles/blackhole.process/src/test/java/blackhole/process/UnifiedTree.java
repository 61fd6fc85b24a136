package blackhole.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that behaves as a v2 tree does, as far as files can: a new group has the controls of the
 * controllers that its parent hands down, processes are in one group each, and a group that holds
 * processes hands nothing down.
 */
final class UnifiedTree extends CgroupFiles {
  final Path root;
  final Path proc;
  final Path own;

  /** Whether the kernel would refuse everything, as on a read-only mount. */
  boolean readOnly;

  /** Whether the kernel would refuse everything, as to a user who was given no group. */
  boolean denied;

  /** A group that the kernel would refuse to make. */
  String refused = "";

  /**
   * @param controllers of the node's own group, which holds these processes
   */
  UnifiedTree(Path folder, String controllers, long... pids) throws IOException {
    root = Files.createDirectories(folder.resolve("cgroup"));
    proc = Files.createDirectories(folder.resolve("proc"));
    own = Files.createDirectory(root.resolve("unit"));
    populate(own, controllers);
    List<String> lines = new ArrayList<>();
    for (long pid : pids) {
      lines.add(Long.toString(pid));
    }
    Files.write(own.resolve("cgroup.procs"), lines);
    Files.createDirectory(proc.resolve("self"));
    Files.writeString(proc.resolve("self/cgroup"), "0::/unit\n");
    Files.writeString(
        proc.resolve("self/mountinfo"), "30 23 0:26 / " + root + " rw - cgroup2 cgroup2 rw\n");
    Files.writeString(proc.resolve("self/limits"), "Max open files 1024 4096 files\n");
  }

  private static void populate(Path group, String controllers) throws IOException {
    List<String> names =
        new ArrayList<>(List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.controllers"));
    if (controllers.contains("memory")) {
      names.addAll(
          List.of(
              "memory.max", "memory.high", "memory.swap.max", "memory.oom.group", "memory.events"));
    }
    if (controllers.contains("cpu")) {
      names.addAll(List.of("cpu.max", "cpu.weight", "cpu.idle"));
    }
    if (controllers.contains("pids")) {
      names.add("pids.max");
    }
    for (String name : names) {
      if (!Files.exists(group.resolve(name))) {
        Files.createFile(group.resolve(name));
      }
    }
    Files.writeString(group.resolve("cgroup.controllers"), controllers + "\n");
  }

  String value(Path group, String control) throws IOException {
    return Files.readString(group.resolve(control)).trim();
  }

  @Override
  void write(Path file, String value) throws IOException {
    refuse(file);
    if (!Files.exists(file)) {
      super.write(file, value);
    }
    switch (file.getFileName().toString()) {
      case "cgroup.subtree_control" -> enable(file, value.substring(1));
      case "cgroup.procs" -> move(file, value);
      case "cpu.weight" -> weigh(file, value);
      default -> Files.writeString(file, value);
    }
  }

  private void enable(Path file, String controller) throws IOException {
    Path group = file.resolveSibling("");
    if (!value(group, "cgroup.controllers").contains(controller)) {
      throw new FileSystemException(file.toString(), null, "No such file or directory");
    }
    if (!value(group, "cgroup.procs").isEmpty()) {
      throw new FileSystemException(file.toString(), null, "Device or resource busy");
    }
    String enabled = (value(group, "cgroup.subtree_control") + " " + controller).trim();
    Files.writeString(file, enabled);
    for (Path inner : groups(group)) {
      populate(inner, enabled);
    }
  }

  private void weigh(Path file, String weight) throws IOException {
    Path idle = file.resolveSibling("cpu.idle");
    if (Files.exists(idle) && Files.readString(idle).equals("1")) {
      throw new FileSystemException(file.toString(), null, "Invalid argument");
    }
    Files.writeString(file, weight);
  }

  private void move(Path file, String pid) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path procs : all.filter(path -> path.endsWith("cgroup.procs")).toList()) {
        List<String> lines = new ArrayList<>(Files.readAllLines(procs));
        lines.remove(pid);
        if (procs.equals(file)) {
          lines.add(pid);
        }
        Files.write(procs, lines);
      }
    }
  }

  @Override
  void makeGroup(Path group) throws IOException {
    refuse(group);
    if (group.endsWith(refused)) {
      throw new FileSystemException(group.toString(), null, "Resource temporarily unavailable");
    }
    if (!Files.exists(group)) {
      Files.createDirectory(group);
      populate(group, value(group.resolveSibling(""), "cgroup.subtree_control"));
    }
  }

  @Override
  void removeGroup(Path group) throws IOException {
    refuse(group);
    if (!value(group, "cgroup.procs").isEmpty() || !groups(group).isEmpty()) {
      throw new DirectoryNotEmptyException(group.toString());
    }
    try (Stream<Path> controls = Files.list(group)) {
      for (Path control : controls.toList()) {
        Files.delete(control);
      }
    }
    Files.delete(group);
  }

  private void refuse(Path path) throws IOException {
    if (denied) {
      throw new AccessDeniedException(path.toString());
    }
    if (readOnly) {
      throw new FileSystemException(path.toString(), null, "Read-only file system");
    }
  }
}
