package blackhole.shell.gogo;

import java.lang.reflect.Field;
import java.util.List;
import org.apache.felix.service.command.Job;

/**
 * Lets go of the steps of a loop. Gogo keeps each one, with buffers of some 30 KB, until the whole
 * line ends, so that {@code while { true } { ps; sleep 1 }} would fill the heap of the orchestrator
 * within the hour. It has no way to ask for this, hence the field.
 */
final class FinishedJobs {
  private static final System.Logger LOG = System.getLogger(FinishedJobs.class.getName());

  private FinishedJobs() {}

  /** To be called with a job that has ended. */
  static void forget(Job job) {
    Job parent = job.parent();
    if (parent == null) {
      return;
    }
    try {
      Field field = parent.getClass().getDeclaredField("children");
      field.setAccessible(true);
      if (field.get(parent) instanceof List<?> children) {
        // The lock that Gogo itself takes for this list.
        synchronized (children) {
          children.remove(job);
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot let go of a job that has ended", e);
    }
  }
}
