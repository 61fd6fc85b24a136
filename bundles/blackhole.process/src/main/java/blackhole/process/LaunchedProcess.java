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
  private final CompletableFuture<Integer> exit;

  LaunchedProcess(
      Process process, ProcessIdentity identity, ProcessTree tree, Optional<ProcessGroup> group) {
    this.process = process;
    this.identity = identity;
    this.tree = tree;
    this.group = group;
    this.exit =
        process
            .onExit()
            .thenApply(
                ended -> {
                  tree.killOrphans(identity.pid());
                  group.ifPresent(ProcessGroup::close);
                  return ended.exitValue();
                });
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
