package blackhole.orchestrator.node;

import blackhole.api.process.AdoptedProcess;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Processes that exist in name only. */
final class FakeProcesses implements ProcessLauncher {
  record Known(ProcessIdentity identity, String token, boolean obeys) {}

  final Map<Long, Known> running = new ConcurrentHashMap<>();
  final List<ProcessIdentity> terminated = new CopyOnWriteArrayList<>();
  final List<ProcessIdentity> killed = new CopyOnWriteArrayList<>();

  void run(ProcessIdentity identity, String token, boolean obeys) {
    running.put(identity.pid(), new Known(identity, token, obeys));
  }

  @Override
  public RunningProcess launch(ProcessSpec spec) {
    throw new AssertionError("nothing is to be started");
  }

  @Override
  public AdoptedProcess adopt(ProcessIdentity process, ProcessGroup group) {
    throw new AssertionError("nothing is to be adopted");
  }

  @Override
  public Optional<ProcessIdentity> find(long pid) {
    return Optional.ofNullable(running.get(pid)).map(Known::identity);
  }

  @Override
  public Optional<String> environment(ProcessIdentity process, String variable) {
    return Optional.ofNullable(running.get(process.pid())).map(Known::token);
  }

  @Override
  public void kill(ProcessIdentity process) {
    killed.add(process);
    running.remove(process.pid());
  }

  @Override
  public void terminate(ProcessIdentity process) {
    terminated.add(process);
    if (running.get(process.pid()).obeys()) {
      running.remove(process.pid());
    }
  }
}
