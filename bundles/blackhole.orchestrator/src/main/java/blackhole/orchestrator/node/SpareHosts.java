package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.spare.SparePool;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts spares like hosts of one service, only without it: each is recorded, so that a later
 * orchestrator ends it, and in a group of its own from before its first instruction.
 *
 * @param stopping whether it is for the node's stop that they end
 */
record SpareHosts(
    NodeHome home,
    ServiceConfig model,
    HostCommand command,
    ProcessLauncher processes,
    HostCredentials credentials,
    HostRecords records,
    HostFiles files,
    SpareLimits limits,
    AtomicBoolean stopping)
    implements SparePool.Hosts {
  private static final Logger LOG = System.getLogger(SpareHosts.class.getName());
  private static final int LAST_LINES = 3;

  @Override
  public RunningProcess start(String hostId) throws IOException {
    String token = credentials.issue(hostId);
    ProcessGroup group = limits.create(model, hostId);
    RunningProcess process;
    try {
      process =
          processes.launch(
              new ProcessSpec(
                  command.ofSpare(model, hostId),
                  HostEnvironment.ofSpare(System.getenv(), home.controlSocket(), token),
                  home.root(),
                  home.hostOutput(hostId),
                  Optional.of(group)));
    } catch (IOException e) {
      group.close();
      forget(hostId);
      throw e;
    }
    try {
      records.write(
          new HostRecord(
              hostId,
              process.identity(),
              token,
              socket(hostId),
              socket(hostId),
              new HostRecord.Made(model.limits().maxMemoryBytes(), model.jvmArgs()),
              Optional.empty()));
    } catch (IOException e) {
      // nobody would find it again: better no process than one like that
      process.kill();
      forget(hostId);
      throw e;
    }
    return process;
  }

  private Path socket(String hostId) {
    return home.socket(hostId + ".sock");
  }

  @Override
  public void warmed(String hostId) {
    limits.warmed(hostId);
  }

  @Override
  public void ended(String hostId, String how) {
    if (!stopping.get()) {
      List<String> lines = LastLines.of(LAST_LINES, home.hostLog(hostId), home.hostOutput(hostId));
      LOG.log(Level.WARNING, "spare {0} ended ({1}): {2}", hostId, how, String.join(" | ", lines));
    }
    forget(hostId);
  }

  private void forget(String hostId) {
    credentials.revoke(hostId);
    limits.ended(hostId);
    files.remove(hostId, socket(hostId), socket(hostId));
    records.remove(hostId);
  }
}
