package blackhole.orchestrator.update;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import blackhole.orchestrator.supervision.StandIn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What a rollout needs of the node's instances. Thread-safe. */
public interface Fleet {
  /** All instances of the node. */
  List<InstanceStatus> instances();

  /** Asks an instance's host; see {@code HostSession.update}. */
  CompletionStage<UpdateResult> update(
      InstanceId id, Update order, Duration timeout, Consumer<String> progress);

  /**
   * Nobody else changes how many instances the service has, until {@link #release}; nor is anything
   * prepared meanwhile that would compete with it for CPU time.
   */
  void reserve(String service);

  void release(String service);

  /** Starts one instance more, of a service that is reserved; see {@code SupervisorEngine}. */
  CompletionStage<StandIn> standIn(String service, String who);

  /** Drains an instance that stood in, and takes it away. */
  CompletionStage<List<String>> dismiss(InstanceId id, String who);

  /** Whether there is no warm spare for the service, and one is to come, which is prepared now. */
  boolean awaitsSpare(String service);

  /** What an instance serves, by full names; empty until it is known. */
  Optional<Set<String>> methods(InstanceId id);

  /** Stops an instance if it runs, and starts it. */
  CompletionStage<List<String>> restart(InstanceId id, String who);

  /**
   * Watches an updated instance for as long as is configured; blocks.
   *
   * @return what is wrong, in words; empty when nothing is
   */
  Optional<String> observe(InstanceId id, OptionalLong pid) throws InterruptedException;
}
