package blackhole.orchestrator.registry;

import blackhole.api.registry.ServiceRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What copies of the directory in other processes are made of. Thread-safe; nothing blocks. */
public interface DirectoryFeed {
  /**
   * What a copy lacks.
   *
   * @param epoch of the copy; empty for one that has nothing
   * @param revision of the copy, in that epoch
   */
  Delta since(String epoch, long revision);

  /** Tells a follower of each new revision, one at a time and in order, until closed. */
  Following follow(Follower follower);

  /** Ends the following. */
  interface Following extends AutoCloseable {
    @Override
    void close();
  }

  /** Keeps a copy. */
  interface Follower {
    /** For the log. */
    String name();

    /**
     * There is something new; must not block.
     *
     * @return completes when no new call, of those who read the copy, can go to an endpoint that
     *     this revision does not have; what drains waits for this, up to a bound
     */
    CompletionStage<Void> changed(long revision);
  }

  /**
   * From one revision to another.
   *
   * @param epoch of the revision; another one each time the node starts
   * @param complete whether these are all services, not only those that are different
   * @param removed names; empty where it is complete
   */
  record Delta(
      String epoch,
      long revision,
      boolean complete,
      List<ServiceRecord> services,
      List<String> removed) {
    public Delta {
      services = List.copyOf(services);
      removed = List.copyOf(removed);
    }

    /** Whether there is nothing to tell a copy. */
    public boolean isEmpty() {
      return !complete && services.isEmpty() && removed.isEmpty();
    }
  }
}
