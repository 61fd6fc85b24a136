package blackhole.indexer;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import blackhole.api.service.ServiceMetrics;
import blackhole.indexer.feed.Intake;
import blackhole.indexer.index.Progress;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the host asks the indexer: its health, and its numbers. */
@Component(service = {HealthCheck.class, ServiceMetrics.class})
public final class IndexerOnHost implements HealthCheck, ServiceMetrics {
  private final IndexerCore core;
  private final IndexerFeed feed;

  @Activate
  public IndexerOnHost(@Reference IndexerCore core, @Reference IndexerFeed feed) {
    this.core = core;
    this.feed = feed;
  }

  @Override
  public HealthResult check() {
    return core.check(feed.feed().trouble());
  }

  @Override
  public Map<String, Double> metrics() {
    Intake intake = feed.intake();
    Progress progress = core.index().progress();
    return Map.of(
        "indexer_documents", (double) core.index().documents(),
        "indexer_position", (double) progress.position(),
        "indexer_generation", (double) progress.generation(),
        "indexer_rebuilding", progress.complete() ? 0.0 : 1.0,
        "indexer_indexed_total", (double) intake.indexed(),
        "indexer_deleted_total", (double) intake.deleted(),
        "indexer_too_large_total", (double) intake.tooLarge(),
        "indexer_unreadable_total", (double) intake.unreadable(),
        "indexer_searches_total", (double) core.index().searches());
  }
}
