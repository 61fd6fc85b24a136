package blackhole.host;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts virtual threads where the JVM does: from JDK 24 on, by a bean that an older JDK has no
 * class for, so by reflection.
 */
final class VirtualThreads {
  private static final Logger LOG = System.getLogger(VirtualThreads.class.getName());
  private static final String BEAN = "jdk.management.VirtualThreadSchedulerMXBean";

  private final Optional<Counters> counters = find();

  private record Counters(Object bean, Method mounted, Method queued) {
    /** Either is negative where it is not known. */
    int sum() throws ReflectiveOperationException {
      int mountedNow = (Integer) mounted.invoke(bean);
      long queuedNow = (Long) queued.invoke(bean);
      return (int) Math.min(Integer.MAX_VALUE, Math.max(0, mountedNow) + Math.max(0, queuedNow));
    }
  }

  /** Those that run or could, not those that wait for something; empty where nobody knows. */
  Optional<Integer> runnable() {
    try {
      return counters.isPresent() ? Optional.of(counters.get().sum()) : Optional.empty();
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(Level.DEBUG, "virtual threads cannot be counted", e);
      return Optional.empty();
    }
  }

  private static Optional<Counters> find() {
    try {
      // the JDK's own loader: a framework hides the packages that nobody imports
      Class<?> type = ClassLoader.getPlatformClassLoader().loadClass(BEAN);
      @Nullable Object bean =
          ManagementFactory.getPlatformMXBean(type.asSubclass(PlatformManagedObject.class));
      return bean == null
          ? Optional.empty()
          : Optional.of(
              new Counters(
                  bean,
                  type.getMethod("getMountedVirtualThreadCount"),
                  type.getMethod("getQueuedVirtualThreadCount")));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
