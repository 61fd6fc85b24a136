package blackhole.api.process;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Holds processes to limits with what this system offers. Thread-safe; reads and writes files of
 * the kernel.
 */
@ProviderType
public interface ProcessLimiter {
  /**
   * Makes a group for a process that is about to be started. Never fails: what this system does not
   * let us enforce is not enforced, and {@link ProcessGroup#states} says why.
   *
   * @param node sets this node's groups apart from those of others; as {@code process}, of letters,
   *     digits, dots, dashes and underscores
   * @param process unique in the node
   */
  ProcessGroup create(String node, String process, ProcessLimits limits);

  /**
   * Ends what is left in the group of a process of an earlier run, and removes it; nothing happens
   * when there is none. For a process that is known to be ours.
   */
  void remove(String node, String process);

  /**
   * Removes the groups of earlier runs that hold no process; any other lives, and is logged unless
   * it is known. Call before the first {@link #create}.
   *
   * @param known processes, as {@link #create} names them
   */
  void removeEmpty(String node, Set<String> known);
}
