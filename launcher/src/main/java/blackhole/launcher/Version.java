package blackhole.launcher;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Which Blackhole this is, and what runs it. */
final class Version {
  private Version() {}

  static int print(PrintStream out) {
    out.println("blackhole " + own());
    out.println(
        property("java.vm.name")
            + " "
            + property("java.runtime.version")
            + ", "
            + property("os.name")
            + " "
            + property("os.arch"));
    return ExitCodes.DONE;
  }

  private static String own() {
    Package home = Version.class.getPackage();
    @Nullable String version = home == null ? null : home.getImplementationVersion();
    return version == null ? "(unpacked)" : version;
  }

  private static String property(String name) {
    return System.getProperty(name, "?");
  }
}
