package blackhole.api.supervision;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an operator has to see to: raised once when it begins, and resolved once when it is over.
 * They are kept over a restart of the orchestrator. Thread-safe.
 */
@ProviderType
public interface Alerts {
  /** Those that hold, the newest first; then those that were resolved lately. */
  List<Alert> alerts();

  /** The names of all that could be raised. */
  List<String> names();

  /**
   * Says nothing of some alerts to anybody for a while; they are in {@link #alerts} all the same.
   * One that still holds after that is told then.
   *
   * @param alert a name, or {@code NAME/SERVICE}
   * @param atMost zero to end the silence
   * @param who asks, for the journal
   * @return what is silenced by it now
   * @throws IllegalArgumentException when there is no such alert
   */
  List<Alert> silence(String alert, Duration atMost, String who);

  /**
   * Calls the watcher after each look at which an alert began or ended, on a thread of the node,
   * until closed. It must not block.
   */
  AutoCloseable watch(Runnable watcher);

  /** Who else is to be told, in the manner of Prometheus' Alertmanager; as configured. */
  Optional<URI> webhook();

  /** How bad it is. */
  enum Severity {
    /** Something does not work. */
    CRITICAL,
    /** Something does not work as it should, or soon will not. */
    WARNING
  }

  /**
   * One alert.
   *
   * @param name of the rule
   * @param service what it concerns; empty for the whole node
   * @param subject tells it from others of its name and service: an instance, a caller, a file
   * @param message what is the matter
   * @param reason why, with the numbers
   * @param since by the wall clock
   * @param resolved when it was over; empty while it holds
   * @param silencedUntil until when nobody is told; empty when everybody is
   */
  record Alert(
      String name,
      Optional<String> service,
      String subject,
      Severity severity,
      String message,
      String reason,
      Instant since,
      Optional<Instant> resolved,
      Optional<Instant> silencedUntil) {}
}
