package blackhole.api.supervision;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Who is near a limit. Thread-safe; as of the last regular sample. */
@ProviderType
public interface Pressure {
  /** What holds now, by instance. */
  List<Signal> signals();

  /**
   * One thing that presses on one instance.
   *
   * @param words with what is used, and of how much
   * @param since by the wall clock
   */
  record Signal(InstanceId id, String words, Instant since) {}
}
