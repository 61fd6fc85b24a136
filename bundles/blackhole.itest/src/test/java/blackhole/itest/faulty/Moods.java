package blackhole.itest.faulty;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Component;

/** Healthy; once it swings, every second time only. */
@Component
public final class Moods implements HealthCheck {
  private static final AtomicBoolean SWINGS = new AtomicBoolean();

  private final AtomicBoolean bad = new AtomicBoolean();

  static void swing() {
    SWINGS.set(true);
  }

  @Override
  public HealthResult check() {
    if (!SWINGS.get()) {
      return HealthResult.healthy();
    }
    boolean now = !bad.get();
    bad.set(now);
    return now ? HealthResult.unhealthy("in a bad mood") : HealthResult.healthy();
  }
}
