package blackhole.api.supervision;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Takes a changed configuration over into the running node, as far as that can be done. */
@ProviderType
public interface Reloading {
  /**
   * Reads the configuration's file again. Limits and resource policies take effect at once, and for
   * what runs; all else is reported, and left as it is. With an error in the file nothing changes.
   * Reads and writes files of the kernel: not for a thread that others wait for.
   *
   * @param who asks, for the journal
   * @throws SupervisionException when there is no file, in words for an operator
   */
  Report reload(String who);

  /**
   * What came of it.
   *
   * @param file that was read
   * @param errors why nothing has changed; else empty
   * @param warnings what is odd about the file, but keeps it from nothing
   * @param changes in the order of the file, those of instances first
   */
  record Report(String file, List<String> errors, List<String> warnings, List<Change> changes) {
    public Report {
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
      changes = List.copyOf(changes);
    }
  }

  /**
   * One setting that stands differently in the file.
   *
   * @param id the instance whose limit it is; empty for any other setting
   * @param key of the configuration: short for a limit of an instance, else in full
   * @param before empty for none
   * @param after empty for none
   * @param how it takes effect; empty when it does not yet
   * @param reason why it does not, and what it takes, in words; empty when it does
   */
  record Change(
      Optional<InstanceId> id,
      String key,
      Optional<String> before,
      Optional<String> after,
      Optional<String> how,
      Optional<String> reason) {
    public boolean applied() {
      return reason.isEmpty();
    }
  }
}
