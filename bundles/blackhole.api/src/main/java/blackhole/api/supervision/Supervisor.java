package blackhole.api.supervision;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The instances of this node. Thread-safe: commands are put in order, one after the other for each
 * instance, and each is answered; asking twice for the same does no harm.
 *
 * <p>Every command takes the service, and one instance or all of them, and who asks (for the
 * journal). Its stage completes when the instances have got where they were sent, with one line per
 * instance in words, or exceptionally with an {@link IllegalArgumentException} (unknown service or
 * instance) or a {@link SupervisionException} (it did not get there; the message says why).
 */
@ProviderType
public interface Supervisor {
  /** One for each desired instance, in the order of the configuration. */
  List<InstanceStatus> instances();

  Optional<InstanceDetails> details(InstanceId id);

  /** Starts what is stopped or failed, at once and outside the restart budget. */
  CompletionStage<List<String>> start(String service, OptionalInt instance, String who);

  /** Drains and stops. Services that depend on it stay up. */
  CompletionStage<List<String>> stop(String service, OptionalInt instance, String who);

  /** Stops, then starts; instances of one service one after the other. */
  CompletionStage<List<String>> restart(String service, OptionalInt instance, String who);

  /**
   * Gives a service this many instances. New ones get the lowest numbers that are free, and those
   * that were stopped or have failed are started; those with the highest numbers are drained and
   * go, but never the last one that is READY. A line for each that was started or has gone. Fails
   * with an {@link IllegalArgumentException} also when there cannot be so many, by the
   * configuration or by the service's data.
   */
  CompletionStage<List<String>> scale(String service, int instances, String who);

  /**
   * Calls the watcher with every change of a status, in order, until closed. It must not block. One
   * that is scaled in is told last as STOPPED, when it is not among {@link #instances} any more.
   */
  AutoCloseable watch(Consumer<InstanceStatus> watcher);
}
