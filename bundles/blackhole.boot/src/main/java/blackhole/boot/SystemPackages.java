package blackhole.boot;

import java.lang.module.ModuleDescriptor;
import java.util.Map;
import org.osgi.framework.Constants;

/**
 * The JDK's packages as the system bundle exports them: the same that Felix finds out by itself, by
 * reflection and text substitution, in much more time than every start of a host should pay.
 */
final class SystemPackages {
  private SystemPackages() {}

  /** Adds the packages of this JVM's modules to a framework's configuration. */
  static void configure(Map<String, String> configuration) {
    // empty: a framework with a connector then takes its own packages alone
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES, "");
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, ofModules());
  }

  /** What modules export to everybody, as clauses of an export header. */
  private static String ofModules() {
    String feature = Integer.toString(Runtime.version().feature());
    String version = ";version=\"0.0.0.JavaSE_" + "0".repeat(3 - feature.length()) + feature + "\"";
    StringBuilder clauses = new StringBuilder(1 << 14);
    for (Module module : ModuleLayer.boot().modules()) {
      for (ModuleDescriptor.Exports exported : module.getDescriptor().exports()) {
        if (!exported.isQualified()) {
          clauses.append(clauses.isEmpty() ? "" : ",").append(exported.source()).append(version);
        }
      }
    }
    return clauses.toString();
  }
}
