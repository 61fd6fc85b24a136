package blackhole.bench.growth;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this thread has used so far. What it has allocated does not depend on how busy the machine
 * is, and grows with the work that is done.
 *
 * @param cpuNanos of a core
 * @param bytes of the heap, whether or not they are still in use
 */
record Spent(long cpuNanos, long bytes) {
  static Spent now() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return new Spent(
        threads.getCurrentThreadCpuTime(),
        threads.getThreadAllocatedBytes(Thread.currentThread().getId()));
  }

  Spent since(Spent before) {
    return new Spent(cpuNanos - before.cpuNanos, bytes - before.bytes);
  }
}
