package blackhole.host;

import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.ServiceRecord;
import blackhole.control.v1.RegistryUpdate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * This host's copy of the registry, as far as the orchestrator's updates have brought it. When they
 * stop it stays as it is. Used in the control client's serial context.
 */
final class RegistryCopy {
  private final DirectoryCopy directory;
  private final KnownCallers callers;

  private String epoch = "";
  private long revision;

  /** All updates so far have been taken by those who watch. */
  private CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);

  RegistryCopy(DirectoryCopy directory, KnownCallers callers) {
    this.directory = directory;
    this.callers = callers;
  }

  /** Of the orchestrator that the copy comes from; empty before the first update. */
  String epoch() {
    return epoch;
  }

  long revision() {
    return revision;
  }

  /**
   * Takes an update over.
   *
   * @return completes when those who watch have taken this one and all before it, or were waited
   *     for long enough
   */
  CompletionStage<Void> apply(RegistryUpdate update) {
    if (update.hasCallers()) {
      callers.replace(update.getCallers());
    }
    List<ServiceRecord> services =
        update.getServicesList().stream().map(RegistryMessages::record).toList();
    CompletionStage<Void> watchers =
        update.getComplete()
            ? directory.replace(services)
            : directory.update(services, update.getRemovedList());
    epoch = update.getEpoch();
    revision = update.getRevision();
    taken = taken.thenCombine(watchers, (before, now) -> now);
    return taken;
  }
}
