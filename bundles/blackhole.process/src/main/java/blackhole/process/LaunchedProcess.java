package blackhole.process;

import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.RunningProcess;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A child of ours. Its end is also the end of what it left in its group. */
final class LaunchedProcess implements RunningProcess {
  private final Process process;
  private final ProcessIdentity identity;
  private final ProcessTree tree;
  private final Optional<ProcessGroup> group;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  LaunchedProcess(
      Process process, ProcessIdentity identity, ProcessTree tree, Optional<ProcessGroup> group) {
    this.process = process;
    this.identity = identity;
    this.tree = tree;
    this.group = group;
    CompletableFuture<Void> unused = process.onExit().thenAccept(this::ended);
  }

  private void ended(Process ended) {
    boolean contained = group.map(ProcessGroup::containsDescendants).orElse(false);
    try {
      group.ifPresent(ProcessGroup::close);
      if (!contained) {
        tree.killOrphans(identity.pid());
      }
    } finally {
      exit.complete(ended.exitValue());
    }
    if (contained) {
      // one that has left its cgroup, if it may do that; nobody needs to wait for such a look
      tree.killOrphans(identity.pid());
    }
  }

  @Override
  public ProcessIdentity identity() {
    return identity;
  }

  @Override
  public CompletionStage<Integer> onExit() {
    return exit.minimalCompletionStage();
  }

  @Override
  public void terminate() {
    process.destroy();
  }

  @Override
  public void kill() {
    tree.kill(identity);
    process.destroyForcibly();
    group.ifPresent(ProcessGroup::kill);
  }

  @Override
  public String toString() {
    return "process " + identity.pid();
  }
}
