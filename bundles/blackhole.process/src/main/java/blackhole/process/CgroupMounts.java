package blackhole.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which controllers can be had in which tree: v1 (a tree for each controller), v2 (one for all), or
 * both side by side, where a controller is in one of them only. See cgroups(7) and
 * proc_pid_mountinfo(5).
 */
final class CgroupMounts {
  private final List<String> memberships;
  private final List<Mount> mounts;
  private final CgroupFiles files;

  /** A mounted tree, or a part of one. */
  private record Mount(String type, List<String> options, String root, Path point) {
    static Optional<Mount> parse(String line) {
      int separator = line.indexOf(" - ");
      if (separator < 0) {
        return Optional.empty();
      }
      String[] left = line.substring(0, separator).split(" ", -1);
      String[] right = line.substring(separator + 3).split(" ", -1);
      if (left.length < 5 || right.length < 3 || !right[0].startsWith("cgroup")) {
        return Optional.empty();
      }
      List<String> options = Arrays.asList(right[2].split(",", -1));
      return Optional.of(new Mount(right[0], options, unescape(left[3]), point(left[4])));
    }

    private static Path point(String field) {
      return Path.of(unescape(field));
    }

    /** Spaces and the like stand as a backslash with three octal digits. */
    private static String unescape(String field) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < field.length(); i++) {
        if (field.charAt(i) == '\\' && i + 3 < field.length()) {
          text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
          i += 3;
        } else {
          text.append(field.charAt(i));
        }
      }
      return text.toString();
    }

    /** Where a group of the tree is to be found here; empty when it is outside of what is shown. */
    Optional<Path> find(String group) {
      if (group.equals(root) || root.equals("/")) {
        String below = root.equals("/") ? group.substring(1) : "";
        return group.contains("..") ? Optional.empty() : Optional.of(point.resolve(below));
      }
      return group.startsWith(root + "/")
          ? Optional.of(point.resolve(group.substring(root.length() + 1)))
          : Optional.empty();
    }
  }

  CgroupMounts(String memberships, String mountInfo, CgroupFiles files) {
    this.memberships = memberships.lines().toList();
    this.mounts = mountInfo.lines().map(Mount::parse).flatMap(Optional::stream).toList();
    this.files = files;
  }

  /** This process's. */
  static CgroupMounts ofThisProcess(Path proc, CgroupFiles files) {
    return new CgroupMounts(
        read(proc.resolve("self/cgroup")), read(proc.resolve("self/mountinfo")), files);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  Place place(String controller) {
    List<String> problems = new ArrayList<>();
    for (String line : memberships) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && !fields[2].isEmpty()) {
        boolean unified = fields[0].equals("0") && fields[1].isEmpty();
        if (unified || Arrays.asList(fields[1].split(",", -1)).contains(controller)) {
          Place place = unified ? unified(controller, fields[2]) : own(controller, fields[2]);
          if (place instanceof Place.Nowhere nowhere) {
            problems.add(nowhere.reason());
          } else {
            return place;
          }
        }
      }
    }
    return new Place.Nowhere(
        problems.isEmpty()
            ? "this system has no cgroup with the " + controller + " controller"
            : problems.get(0));
  }

  private Place own(String controller, String group) {
    return mounts.stream()
        .filter(mount -> mount.type().equals("cgroup") && mount.options().contains(controller))
        .flatMap(mount -> mount.find(group).stream())
        .filter(files::exists)
        .findFirst()
        .<Place>map(path -> new Place.At(new Hierarchy(Hierarchy.Version.V1, path)))
        .orElseGet(() -> hidden("v1", controller, group));
  }

  private Place unified(String controller, String group) {
    Optional<Path> found =
        mounts.stream()
            .filter(mount -> mount.type().equals("cgroup2"))
            .flatMap(mount -> mount.find(group).stream())
            .filter(files::exists)
            .findFirst();
    if (found.isEmpty()) {
      return hidden("v2", controller, group);
    }
    Path own = Delegation.base(found.get());
    return offers(own, controller)
        ? new Place.At(new Hierarchy(Hierarchy.Version.V2, own))
        : new Place.Nowhere("cgroup v2 at " + own + " has no " + controller + " controller");
  }

  private boolean offers(Path group, String controller) {
    try {
      String offered = files.read(group.resolve("cgroup.controllers")).trim();
      return Arrays.asList(offered.split(" ", -1)).contains(controller);
    } catch (IOException e) {
      return false;
    }
  }

  private static Place hidden(String version, String controller, String group) {
    return new Place.Nowhere(
        "the cgroup "
            + version
            + " of this node ("
            + group
            + ", "
            + controller
            + ") is not to be"
            + " seen under any mount");
  }
}
