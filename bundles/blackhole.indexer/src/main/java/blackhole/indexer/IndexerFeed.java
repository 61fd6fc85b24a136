package blackhole.indexer;

import blackhole.api.events.EventListener;
import blackhole.api.rpc.Channels;
import blackhole.indexer.feed.BlobSource;
import blackhole.indexer.feed.Feed;
import blackhole.indexer.feed.Intake;
import blackhole.indexer.feed.StorageBlobs;
import blackhole.indexer.feed.Subscriptions;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * What feeds the index, with storage at one end and the platform's event listeners at the other.
 */
@Component(service = IndexerFeed.class)
public final class IndexerFeed {
  /** By the name that it has on every node. */
  private static final String STORAGE = "storage";

  private static final Feed.Retries RETRIES =
      new Feed.Retries(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Intake intake;
  private final Feed feed;

  @Activate
  public IndexerFeed(
      BundleContext context, @Reference IndexerCore core, @Reference Channels channels) {
    this(core, new StorageBlobs(channels.to(STORAGE)), listener -> register(context, listener));
  }

  IndexerFeed(IndexerCore core, BlobSource blobs, Subscriptions subscriptions) {
    Settings settings = core.settings();
    intake = new Intake(blobs, settings.maxDocumentBytes());
    feed =
        new Feed(core.holder(), intake, blobs, subscriptions, RETRIES, settings.commitInterval());
    feed.start();
  }

  private static Subscriptions.Subscription register(
      BundleContext context, EventListener listener) {
    ServiceRegistration<EventListener> registration =
        context.registerService(EventListener.class, listener, null);
    return () -> {
      try {
        registration.unregister();
      } catch (IllegalStateException e) {
        // the bundle stops, and the framework was first
        return;
      }
    };
  }

  Intake intake() {
    return intake;
  }

  Feed feed() {
    return feed;
  }

  @Deactivate
  public void close() throws InterruptedException {
    feed.close();
  }
}
