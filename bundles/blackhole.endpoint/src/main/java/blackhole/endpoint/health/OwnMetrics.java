package blackhole.endpoint.health;

import blackhole.api.metrics.Metric;
import blackhole.api.service.ServiceMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The numbers of services, as they tell them. Thread-safe. */
public final class OwnMetrics {
  private static final System.Logger LOG = System.getLogger(OwnMetrics.class.getName());

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final String TOTAL = "_total";

  private final Map<Long, Source> sources = new ConcurrentHashMap<>();

  /** One who tells, got from the framework when it is first asked. */
  private static final class Source {
    private final String bundle;
    private final Supplier<@Nullable ServiceMetrics> getter;

    // guarded by this
    private @Nullable ServiceMetrics got;
    private boolean complained;

    Source(String bundle, Supplier<@Nullable ServiceMetrics> getter) {
      this.bundle = bundle;
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
   * @param bundle by its symbolic name, whose numbers they are
   * @param metrics asked for when they are first needed; null if they cannot be had
   */
  public void add(long id, String bundle, Supplier<@Nullable ServiceMetrics> metrics) {
    sources.put(id, new Source(bundle, metrics));
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

  /**
   * All numbers as metrics, under names that say whose they are: the last word of the bundle's name
   * stands before each that does not begin with it. A name that cannot be one is left out.
   */
  public List<Metric> metrics() {
    Map<String, Double> all = new TreeMap<>();
    for (Source source : sources.values()) {
      String prefix = prefix(source.bundle);
      source
          .metrics()
          .forEach(
              (name, value) -> {
                if (NAME.matcher(name).matches()) {
                  all.put(name.startsWith(prefix) ? name : prefix + name, value);
                }
              });
    }
    return all.entrySet().stream().map(one -> metric(one.getKey(), one.getValue())).toList();
  }

  static String prefix(String bundle) {
    String last = bundle.substring(bundle.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String word = last.replaceAll("[^a-z0-9]+", "_");
    return NAME.matcher(word).matches() ? word + "_" : "service_" + word + "_";
  }

  private static Metric metric(String name, double value) {
    String help = "As the service tells it (see its README).";
    return name.endsWith(TOTAL)
        ? Metric.counter(name, help).with(value).build()
        : Metric.gauge(name, help).with(value).build();
  }
}
