package blackhole.orchestrator.distribution;

import blackhole.orchestrator.config.parser.BundleCatalog;
import blackhole.orchestrator.config.parser.BundleInfo;
import java.util.List;
import java.util.Locale;

/** The service bundles on board, as the configuration's checks ask for them. */
public final class CarriedCatalog implements BundleCatalog {
  private final List<BundleInfo> bundles;

  public CarriedCatalog(DistributionIndex index) {
    this.bundles =
        index.services().stream()
            .flatMap(name -> index.service(name).stream())
            .map(CarriedCatalog::info)
            .toList();
  }

  private static BundleInfo info(DistributionIndex.ServiceBundle service) {
    return new BundleInfo(
        service.symbolicName(), BundleInfo.Data.valueOf(service.data().toUpperCase(Locale.ROOT)));
  }

  @Override
  public List<BundleInfo> bundles() {
    return bundles;
  }
}
