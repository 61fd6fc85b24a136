package blackhole.orchestrator.config.parser;

import java.util.List;
import java.util.Optional;

/** The service bundles that this launcher carries. */
@FunctionalInterface
public interface BundleCatalog {
  /** All of them. */
  List<BundleInfo> bundles();

  /** The one of this name. */
  default Optional<BundleInfo> find(String symbolicName) {
    return bundles().stream()
        .filter(bundle -> bundle.symbolicName().equals(symbolicName))
        .findFirst();
  }
}
