package blackhole.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** Why a bundle does not start, in words. */
final class BundleProblem {
  private static final Pattern PACKAGE =
      Pattern.compile("\\(" + PackageNamespace.PACKAGE_NAMESPACE + "=([^)]+)\\)");
  private static final Pattern AT_LEAST = Pattern.compile("\\(version>=([^)]+)\\)");
  private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

  private final BundleContext context;

  BundleProblem(BundleContext context) {
    this.context = context;
  }

  String describe(Bundle bundle, BundleException problem) {
    String name = bundle.getSymbolicName() + " " + bundle.getVersion();
    return switch (problem.getType()) {
      case BundleException.RESOLVE_ERROR ->
          "bundle " + name + " does not resolve: " + unresolved(bundle, problem);
      case BundleException.ACTIVATOR_ERROR ->
          "the activator of bundle " + name + " failed: " + words(problem);
      default -> "bundle " + name + " does not start: " + words(problem);
    };
  }

  /** What the framework says of it, and why. */
  static String words(BundleException problem) {
    @Nullable Throwable cause = problem.getCause();
    return problem.getMessage() + (cause == null ? "" : ": " + FailureText.of(cause));
  }

  private String unresolved(Bundle bundle, BundleException problem) {
    List<String> missing = new ArrayList<>();
    @Nullable BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision != null) {
      for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
        if (isMissing(requirement)) {
          missing.add(words(requirement));
        }
      }
    }
    // nothing missing here: something further down the chain is, and the framework names it
    return missing.isEmpty()
        ? String.valueOf(problem.getMessage())
        : String.join("; ", missing) + ". Add a bundle that provides it, or change the import";
  }

  private boolean isMissing(BundleRequirement requirement) {
    String resolution = requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
    String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
    return !Namespace.RESOLUTION_OPTIONAL.equals(resolution)
        && !PackageNamespace.RESOLUTION_DYNAMIC.equals(resolution)
        && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE))
        && framework().findProviders(requirement).isEmpty();
  }

  private FrameworkWiring framework() {
    Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    return Objects.requireNonNull(system.adapt(FrameworkWiring.class));
  }

  private String words(BundleRequirement requirement) {
    String filter =
        String.valueOf(requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE));
    if (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)) {
      return "nothing here provides " + requirement.getNamespace() + " " + filter;
    }
    String name = first(PACKAGE, filter, filter);
    return "no bundle here exports package " + name + range(filter) + others(name);
  }

  private static String range(String filter) {
    String from = first(AT_LEAST, filter, "");
    String to = first(BELOW, filter, "");
    if (from.isEmpty()) {
      return "";
    }
    return to.isEmpty() ? " from version " + from : " in versions [" + from + "," + to + ")";
  }

  /** Versions of the package that are here, but do not fit. */
  private String others(String name) {
    List<String> versions = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      @Nullable BundleRevision revision = bundle.adapt(BundleRevision.class);
      if (revision == null) {
        continue;
      }
      for (BundleCapability each :
          revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
        if (name.equals(each.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))) {
          versions.add(
              each.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE)
                  + " from "
                  + bundle.getSymbolicName());
        }
      }
    }
    return versions.isEmpty() ? "" : " (there is " + String.join(", ", versions) + ")";
  }

  private static String first(Pattern pattern, String text, String otherwise) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : otherwise;
  }
}
