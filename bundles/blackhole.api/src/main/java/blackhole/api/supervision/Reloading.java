package blackhole.api.supervision;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Takes a changed configuration over into the running node. Thread-safe. */
@ProviderType
public interface Reloading {
  /**
   * Reads the configuration's file again, and brings the node to what it says: what can change in
   * what runs, changes there; services get new processes, are started or are stopped one after the
   * other; what only a start of the node can change is reported, and stays as it is. With an error
   * in the file nothing changes.
   *
   * <p>Completes exceptionally with a {@link SupervisionException}, in words for an operator, when
   * there is no file, and when an update or another reload is under way.
   *
   * @param who asks, for the journal
   * @param progress hears what is done, on any thread, one step at a time; must not block
   */
  CompletionStage<Report> reload(String who, Consumer<String> progress);

  /** As {@link #reload}, but only says what would be done. Reads files. */
  Report preview();

  /** How a setting that has changed comes into force. */
  enum How {
    /** While everything runs. */
    LIVE,
    /** With new processes of its service, one after the other. */
    ROLLING,
    /** With the start of its service. */
    START,
    /** With the end of its service. */
    STOP,
    /** Not before the node is started again. */
    NODE_RESTART
  }

  /**
   * What came of it, or would.
   *
   * @param file that was read
   * @param errors why nothing has changed; else empty
   * @param warnings what is odd about the file, but keeps it from nothing
   * @param changes in the order of the file, those of instances first
   * @param failures what was begun and did not succeed, in words, one for each service; what they
   *     were about is as it was, or waits for the operator
   */
  record Report(
      String file,
      List<String> errors,
      List<String> warnings,
      List<Change> changes,
      List<String> failures) {
    public Report {
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
      changes = List.copyOf(changes);
      failures = List.copyOf(failures);
    }
  }

  /**
   * One setting that stands differently in the file. Secrets stand as references.
   *
   * @param service that it belongs to; empty for one of the node
   * @param instance whose limit it is; empty for any other setting
   * @param key within the service's stanza, or in full; empty for a service as a whole
   * @param before empty for none
   * @param after empty for none
   * @param applied whether it is in force now; empty when that was not tried
   * @param message what else there is to say of it; else empty
   */
  record Change(
      Optional<String> service,
      OptionalInt instance,
      String key,
      Optional<String> before,
      Optional<String> after,
      How how,
      Optional<Boolean> applied,
      String message) {}
}
