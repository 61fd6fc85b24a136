package blackhole.orchestrator.update;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What a rollout needs of the node's instances. Thread-safe. */
public interface Fleet {
  /** All instances of the node. */
  List<InstanceStatus> instances();

  /** Asks an instance's host; see {@code HostSession.update}. */
  CompletionStage<UpdateResult> update(
      InstanceId id, Update order, Duration timeout, Consumer<String> progress);

  /** Stops an instance if it runs, and starts it. */
  CompletionStage<List<String>> restart(InstanceId id, String who);

  /**
   * Watches an updated instance for as long as is configured; blocks.
   *
   * @return what is wrong, in words; empty when nothing is
   */
  Optional<String> observe(InstanceId id, OptionalLong pid) throws InterruptedException;
}
