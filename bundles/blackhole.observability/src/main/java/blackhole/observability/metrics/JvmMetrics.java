package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * What this JVM says of itself, under the names that OpenTelemetry has for it. Management beans
 * take tens of milliseconds to load, so this is made only when somebody asks. Thread-safe.
 */
@Component
public final class JvmMetrics implements MetricSource {
  private static final String TYPE = "jvm_memory_type";
  private static final String POOL = "jvm_memory_pool_name";
  private static final double MILLIS_PER_SECOND = 1000;

  private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final List<BufferPoolMXBean> buffers =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);

  @Override
  public List<Metric> metrics() {
    return List.of(
        used(),
        committed(),
        limit(),
        usedAfterGc(),
        buffers(),
        collections(),
        threads(),
        classes());
  }

  private Metric used() {
    Metric.Builder metric =
        Metric.gauge("jvm_memory_used_bytes", "Memory in use, garbage too.", TYPE, POOL);
    for (MemoryPoolMXBean pool : pools) {
      metric.with(pool.getUsage().getUsed(), type(pool), pool.getName());
    }
    return metric.build();
  }

  private Metric committed() {
    Metric.Builder metric =
        Metric.gauge(
            "jvm_memory_committed_bytes", "Memory that the JVM has from the system.", TYPE, POOL);
    for (MemoryPoolMXBean pool : pools) {
      metric.with(pool.getUsage().getCommitted(), type(pool), pool.getName());
    }
    return metric.build();
  }

  private Metric limit() {
    Metric.Builder metric =
        Metric.gauge("jvm_memory_limit_bytes", "The most that a pool may have.", TYPE, POOL);
    for (MemoryPoolMXBean pool : pools) {
      if (pool.getUsage().getMax() >= 0) {
        metric.with(pool.getUsage().getMax(), type(pool), pool.getName());
      }
    }
    return metric.build();
  }

  private Metric usedAfterGc() {
    Metric.Builder metric =
        Metric.gauge(
            "jvm_memory_used_after_last_gc_bytes",
            "What the last collection of a pool left: what is really needed.",
            TYPE,
            POOL);
    for (MemoryPoolMXBean pool : pools) {
      @Nullable MemoryUsage left = pool.getCollectionUsage();
      if (left != null) {
        metric.with(left.getUsed(), type(pool), pool.getName());
      }
    }
    return metric.build();
  }

  private static String type(MemoryPoolMXBean pool) {
    return pool.getType() == MemoryType.HEAP ? "heap" : "non_heap";
  }

  private Metric buffers() {
    Metric.Builder metric =
        Metric.gauge(
            "jvm_buffer_memory_used_bytes", "Buffers outside of the heap.", "jvm_buffer_pool_name");
    buffers.forEach(pool -> metric.with(pool.getMemoryUsed(), pool.getName()));
    return metric.build();
  }

  private Metric collections() {
    Metric.Builder metric =
        Metric.summary(
            "jvm_gc_duration_seconds",
            "Garbage collections, and the time they took.",
            "jvm_gc_name");
    for (GarbageCollectorMXBean collector : collectors) {
      // -1 where a collector does not count
      metric.with(
          Math.max(0, collector.getCollectionCount()),
          Math.max(0, collector.getCollectionTime()) / MILLIS_PER_SECOND,
          collector.getName());
    }
    return metric.build();
  }

  private static Metric threads() {
    return Metric.gauge("jvm_threads", "Platform threads of the JVM, daemons too.")
        .with(ManagementFactory.getThreadMXBean().getThreadCount())
        .build();
  }

  private static Metric classes() {
    return Metric.gauge("jvm_classes_loaded", "Classes that are loaded.")
        .with(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount())
        .build();
  }
}
