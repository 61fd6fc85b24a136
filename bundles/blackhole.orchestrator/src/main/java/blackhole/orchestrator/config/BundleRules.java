package blackhole.orchestrator.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Which bundles a node takes, beside those of its launcher.
 *
 * @param trust files with certificates of who may sign them; empty for bundles of everybody
 * @param sources what the URLs begin with that may be fetched; empty for none
 */
public record BundleRules(List<Path> trust, List<String> sources) {
  /** Any file, and no URL. */
  public static final BundleRules OPEN = new BundleRules(List.of(), List.of());

  public BundleRules {
    trust = List.copyOf(trust);
    sources = List.copyOf(sources);
  }
}
