package blackhole.api.host;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The life of this JVM, registered as a service by the boot code of hosts and of the orchestrator
 * alike. Thread-safe.
 */
@ProviderType
public interface Lifecycle {
  /** The system property that has a host begin with a JSON object a line, if it is {@code json}. */
  String LOG_FORMAT = "blackhole.log.format";

  /**
   * What to do when the process is asked to end (SIGTERM, SIGINT). Called on a thread of its own,
   * once for each signal, so that a second one may force what the first began. Without a handler,
   * or before one is set, a signal ends a host at once with 143; an orchestrator, which may have
   * hosts to end, hears of the first one when it sets its handler.
   */
  void onTerminate(Runnable handler);

  /**
   * Stops the framework and ends the JVM with this exit code. Returns at once; later calls do
   * nothing.
   */
  void exit(int code);

  /**
   * Ends the JVM at once, in no order: it has run out of something that it cannot go on without.
   * The reason becomes its last words, by which the orchestrator names the end.
   *
   * @param reason as an exception would be printed, in one line
   */
  void halt(String reason);

  /**
   * Lines of the log tell the trace that they are written in, as this says of the thread that
   * writes: its id, or nothing. Asked for each line, so it must be quick, and must not log.
   */
  default void traceBy(Supplier<Optional<String>> traceId) {}

  /** Takes these out of each line of this process's log from now on; see {@link Redaction}. */
  default void hide(Collection<String> secrets) {}

  /** From now on, the orchestrator's log has a JSON object a line. */
  default void logAsJson() {}
}
