package blackhole.orchestrator.node;

import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.update.Updater;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What a reload does to the services of a node. Thread-safe. */
interface ServiceMoves {
  /** Another configuration is in force: everybody follows it. Blocks until they do. */
  void follow() throws InterruptedException;

  /** All that are desired. */
  List<InstanceId> instances();

  /** Starts a service that the configuration has got; fails when an instance has failed once. */
  CompletionStage<List<String>> start(String service, String who);

  /** Drains a service and stops it; completes when it is gone. */
  CompletionStage<List<String>> stop(String service, String who);

  /** Gives a service this many instances. */
  CompletionStage<List<String>> scale(String service, int count, String who);

  /**
   * Gives a service new processes, one after the other, and blocks meanwhile.
   *
   * @param forward makes new processes the new ones
   * @param back makes them the old ones again, when one does not get there
   * @throws blackhole.api.supervision.SupervisionException when one did not, in words
   */
  String replace(
      String service,
      Updater.Force forward,
      Updater.Force back,
      String who,
      Consumer<String> progress)
      throws IOException, InterruptedException;
}
