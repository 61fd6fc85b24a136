package blackhole.host;

import blackhole.control.v1.Sample;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM uses, by its management beans. They take tens of milliseconds to load, once, which
 * is for whoever makes this to mind. Thread-safe.
 */
final class JvmMeter {
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final Optional<MemoryPoolMXBean> oldGeneration = oldGeneration();
  private final Optional<MemoryPoolMXBean> metaspace = pool("Metaspace");
  private final Optional<BufferPoolMXBean> direct = directBuffers();
  private final VirtualThreads virtualThreads = new VirtualThreads();

  Sample sample() {
    MemoryUsage heap = memory.getHeapMemoryUsage();
    Sample.Builder sample =
        Sample.newBuilder()
            .setHeapUsedBytes(heap.getUsed())
            .setHeapMaxBytes(Math.max(0, heap.getMax()))
            .setMetaspaceBytes(metaspace.map(pool -> pool.getUsage().getUsed()).orElse(0L))
            .setDirectBytes(direct.map(BufferPoolMXBean::getMemoryUsed).orElse(0L))
            .setThreads(threads.getThreadCount());
    for (GarbageCollectorMXBean collector : collectors) {
      // -1 where a collector does not count
      sample.setGcCount(sample.getGcCount() + Math.max(0, collector.getCollectionCount()));
      sample.setGcTimeMillis(sample.getGcTimeMillis() + Math.max(0, collector.getCollectionTime()));
    }
    oldGeneration.ifPresent(pool -> setAfterGc(sample, pool.getCollectionUsage()));
    virtualThreads.runnable().ifPresent(sample::setVirtualThreads);
    return sample.build();
  }

  /** The usage is 0 until there was a collection, and never after one: we are there ourselves. */
  private static void setAfterGc(Sample.Builder sample, @Nullable MemoryUsage afterCollection) {
    if (afterCollection != null && afterCollection.getUsed() > 0) {
      sample.setHeapAfterGcBytes(afterCollection.getUsed());
    }
  }

  /** "Tenured Gen", "G1 Old Gen", "ZGC Old Generation"; of a collector without, the only pool. */
  private static Optional<MemoryPoolMXBean> oldGeneration() {
    List<MemoryPoolMXBean> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    return heap.stream()
        .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured"))
        .findFirst()
        .or(() -> heap.size() == 1 ? Optional.of(heap.get(0)) : Optional.empty());
  }

  private static Optional<MemoryPoolMXBean> pool(String name) {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals(name))
        .findFirst();
  }

  private static Optional<BufferPoolMXBean> directBuffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .findFirst();
  }
}
