package blackhole.analytics;

import blackhole.api.events.Event;
import blackhole.api.events.EventListener;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Hears all events, from the last one that is counted and saved. */
@Component(service = EventListener.class)
public final class AnalyticsListener implements EventListener {
  private final AnalyticsCore core;

  @Activate
  public AnalyticsListener(@Reference AnalyticsCore core) {
    this.core = core;
  }

  /** One pattern, and so one stream: only within one do positions say what was counted. */
  @Override
  public List<String> types() {
    return List.of("*");
  }

  /** At first all that the stream still has; later the last one again, to see that it is there. */
  @Override
  public long from() {
    return core.analytics().from();
  }

  @Override
  public void onEvent(Event event) {
    core.count(event);
  }
}
