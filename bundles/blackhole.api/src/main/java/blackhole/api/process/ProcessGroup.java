package blackhole.api.process;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A process with all it starts, held to limits. Made before the process, which is in it from before
 * its first instruction; ends with it. Thread-safe. Every method may read and write files of the
 * kernel, and {@link #kill} and {@link #close} may wait for processes to end: not for a thread that
 * others wait for.
 */
@ProviderType
public interface ProcessGroup {
  /**
   * What the process is to be started through: a program and arguments that end in executing it.
   */
  List<String> prefix();

  /** Tells which process was started through the prefix. */
  void started(ProcessIdentity process);

  /** Replaces the limits, at once and for what runs already, as far as the kernel lets us. */
  void apply(ProcessLimits limits);

  /** The limits that are set, in the order of {@link LimitState.Kind}, and whether each holds. */
  List<LimitState> states();

  /**
   * In words, when the kernel has killed a process of this group for its memory, for example {@code
   * cgroup limit 256 MB}. Still known after {@link #close}.
   */
  Optional<String> outOfMemory();

  /** Whether what its process starts is in it as well, and so ends with {@link #close}. */
  boolean containsDescendants();

  /** Ends (SIGKILL) all that is in it, wherever it has hidden. */
  void kill();

  /** Ends what is left in it and removes what was made for it. Not an error when already done. */
  void close();
}
