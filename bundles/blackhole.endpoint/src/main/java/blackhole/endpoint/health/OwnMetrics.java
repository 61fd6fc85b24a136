package blackhole.endpoint.health;

import blackhole.api.service.ServiceMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The numbers of services, as they tell them. Thread-safe. */
public final class OwnMetrics {
  private static final System.Logger LOG = System.getLogger(OwnMetrics.class.getName());

  private final Map<Long, Source> sources = new ConcurrentHashMap<>();

  /** One who tells, got from the framework when it is first asked. */
  private static final class Source {
    private final Supplier<@Nullable ServiceMetrics> getter;

    // guarded by this
    private @Nullable ServiceMetrics got;
    private boolean complained;

    Source(Supplier<@Nullable ServiceMetrics> getter) {
      this.getter = getter;
    }

    synchronized Map<String, Double> metrics() {
      try {
        if (got == null) {
          got = getter.get();
        }
        // a number that is missing is its author's fault, and found here
        return got == null ? Map.of() : Map.copyOf(got.metrics());
      } catch (RuntimeException e) {
        if (!complained) {
          complained = true;
          LOG.log(System.Logger.Level.WARNING, "a service does not tell its metrics", e);
        }
        return Map.of();
      }
    }

    synchronized boolean wasGot() {
      return got != null;
    }
  }

  /**
   * @param id unique for ever, as the framework's service ids are
   * @param metrics asked for when they are first needed; null if they cannot be had
   */
  public void add(long id, Supplier<@Nullable ServiceMetrics> metrics) {
    sources.put(id, new Source(metrics));
  }

  /** Returns whether it was asked for. */
  public boolean remove(long id) {
    Source removed = sources.remove(id);
    return removed != null && removed.wasGot();
  }

  /** All numbers by name; of those with the same name, one. */
  public Map<String, Double> collect() {
    Map<String, Double> all = new HashMap<>();
    sources.values().forEach(source -> all.putAll(source.metrics()));
    return all;
  }
}
