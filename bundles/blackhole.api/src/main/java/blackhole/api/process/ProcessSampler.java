package blackhole.api.process;

import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** Measures processes, and starts none for it. Thread-safe. */
@ProviderType
public interface ProcessSampler {
  /**
   * A look at a process now; empty when it is gone or is another by now. It costs well under a
   * millisecond.
   */
  Optional<ProcessSample> sample(ProcessIdentity process);

  /**
   * The memory that is its own, with its part of what it shares (PSS); empty when the process is
   * gone, is another by now, or the kernel does not tell. The kernel visits every page for it,
   * which takes milliseconds: not for every look.
   */
  OptionalLong pssBytes(ProcessIdentity process);

  /** How much memory the machine has left; empty where the kernel does not tell. */
  Optional<MachineMemory> machineMemory();
}
