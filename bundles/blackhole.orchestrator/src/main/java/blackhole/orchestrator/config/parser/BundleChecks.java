package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.ServiceKeys;
import blackhole.orchestrator.config.schema.Suggestions;
import blackhole.orchestrator.trust.BundleTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether a service's bundle is there, and runs as often as it is configured to. */
final class BundleChecks {
  private static final String EXPECTED_JAR = ", expected the jar of a bundle";

  private final Values values;
  private final BundleCatalog catalog;
  private final BundleTrust trust;
  private final Problems problems;

  BundleChecks(Values values, BundleCatalog catalog, BundleTrust trust, Problems problems) {
    this.values = values;
    this.catalog = catalog;
    this.trust = trust;
    this.problems = problems;
  }

  void check(ServiceConfig service) {
    Optional<BundleInfo> bundle = service.bundle().contains("/") ? jar(service) : carried(service);
    bundle
        .filter(found -> found.data() == BundleInfo.Data.SINGLE)
        .filter(found -> service.maxInstances() > 1)
        .ifPresent(found -> tooMany(service, found));
  }

  private Optional<BundleInfo> carried(ServiceConfig service) {
    Optional<BundleInfo> found = catalog.find(service.bundle());
    if (found.isEmpty()) {
      List<String> names = catalog.bundles().stream().map(BundleInfo::symbolicName).toList();
      String path = ServiceKeys.BUNDLE.at(service.name());
      problems.warning(
          values.position(path),
          path,
          service.bundle()
              + " is not in this launcher"
              + Suggestions.closest(service.bundle(), names)
                  .map(near -> ", did you mean " + near + "?")
                  .orElse("")
              + "; the service will fail to start");
    }
    return found;
  }

  private Optional<BundleInfo> jar(ServiceConfig service) {
    try {
      Path path = Path.of(service.bundle());
      if (!Files.exists(path)) {
        refuse(service, "does not exist");
      } else if (!Files.isRegularFile(path)) {
        refuse(service, "is not a file");
      } else {
        Optional<BundleInfo> info = BundleInfo.read(path);
        if (info.isEmpty()) {
          refuse(service, "is a jar without Bundle-SymbolicName");
        } else {
          trust.refusal(path).ifPresent(why -> refuse(service, why, ""));
        }
        return info;
      }
    } catch (IOException e) {
      refuse(service, "is not a jar that can be read");
    } catch (InvalidPathException e) {
      refuse(service, "can't be a path in this system's encoding");
    }
    return Optional.empty();
  }

  private void refuse(ServiceConfig service, String what) {
    refuse(service, what, EXPECTED_JAR);
  }

  private void refuse(ServiceConfig service, String what, String expected) {
    String path = ServiceKeys.BUNDLE.at(service.name());
    problems.error(values.position(path), path, shown(service) + " " + what + expected);
  }

  /** As written if it came from a reference, else the absolute path that was looked for. */
  private String shown(ServiceConfig service) {
    return values
        .entry(ServiceKeys.BUNDLE, service.name())
        .map(Entry::yaml)
        .filter(yaml -> yaml.contains("${"))
        .orElse(Quoting.visible(service.bundle()));
  }

  private void tooMany(ServiceConfig service, BundleInfo bundle) {
    Key<Integer> key =
        service.scaling().isPresent() ? ServiceKeys.MAX_INSTANCES : ServiceKeys.INSTANCES;
    String path = key.at(service.name());
    problems.error(
        values.position(path),
        path,
        service.maxInstances()
            + " instances can't share the data of "
            + bundle.symbolicName()
            + " (Blackhole-Data: single), expected 1");
  }
}
