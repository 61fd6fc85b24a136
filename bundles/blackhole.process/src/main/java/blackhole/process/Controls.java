package blackhole.process;

import java.io.IOException;
import java.nio.file.Path;

/** Sets what the kernel may be told of one group, and reports how that went. */
final class Controls {
  private final CgroupFiles files;
  private final Path group;
  private final String version;

  Controls(CgroupFiles files, Path group, Hierarchy.Version version) {
    this.files = files;
    this.group = group;
    this.version = version.toString();
  }

  boolean has(String control) {
    return files.exists(group.resolve(control));
  }

  /** Writes values one after the other; the name of the last control stands for all. */
  Outcome set(Setting... settings) {
    String last = "";
    for (Setting setting : settings) {
      Path file = group.resolve(setting.control());
      try {
        files.write(file, setting.value());
      } catch (IOException e) {
        return Outcome.failed(CgroupFiles.reason(file, e));
      }
      last = setting.control();
    }
    return Outcome.done(version + " " + last);
  }

  /** Writes what does no harm when the kernel refuses it, or has no such control. */
  void trySet(String control, String value) {
    if (has(control)) {
      try {
        files.write(group.resolve(control), value);
      } catch (IOException e) {
        // what it adds to a limit is welcome, and the limit holds without it
      }
    }
  }

  long count(String control, String name) {
    return files.count(group.resolve(control), name);
  }

  String text(String control) {
    try {
      return files.read(group.resolve(control)).trim();
    } catch (IOException e) {
      return "";
    }
  }

  /** A value for a control. */
  record Setting(String control, String value) {
    Setting(String control, long value) {
      this(control, Long.toString(value));
    }
  }
}
