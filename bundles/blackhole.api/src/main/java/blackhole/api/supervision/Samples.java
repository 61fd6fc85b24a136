package blackhole.api.supervision;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the processes of this node use. All of them are sampled at an interval ({@code
 * supervisor.sample_interval}). Thread-safe.
 */
@ProviderType
public interface Samples {
  /** How closely to look. */
  enum Depth {
    /** All but PSS, which is as it was last measured: well under a millisecond a process. */
    QUICK,
    /** PSS too: milliseconds a process. */
    FULL
  }

  /**
   * Looks at every process now; one that is gone, or whose number is another's by now, is left out.
   * The regular samples and their averages stay as they are. In the order of names and instances.
   */
  List<ProcessUsage> look(Depth depth);

  /** The newest regular sample of an instance's process; empty when it has none, or no process. */
  Optional<ProcessUsage> newest(InstanceId id);

  /**
   * The regular samples of an instance's process, oldest first: the last ones, a bounded number.
   * Those of a process that has ended stay until the next one starts.
   */
  List<ProcessUsage> history(InstanceId id);
}
