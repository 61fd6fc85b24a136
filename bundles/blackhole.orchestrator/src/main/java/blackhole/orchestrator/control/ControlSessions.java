package blackhole.orchestrator.control;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The hosts that are connected. Thread-safe. */
public final class ControlSessions {
  private final Map<String, HostSession> byHost = new ConcurrentHashMap<>();

  public Optional<HostSession> find(String hostId) {
    return Optional.ofNullable(byHost.get(hostId)).filter(HostSession::isOpen);
  }

  /** All that are connected now. */
  public List<HostSession> all() {
    return byHost.values().stream().filter(HostSession::isOpen).toList();
  }

  /** Puts a session in the place of its predecessor, which is handed to the function. */
  HostSession replace(String hostId, Function<@Nullable HostSession, HostSession> successor) {
    HostSession[] made = new HostSession[1];
    byHost.compute(hostId, (id, predecessor) -> made[0] = successor.apply(predecessor));
    return made[0];
  }

  /** Does nothing when another session has taken this one's place. */
  void remove(HostSession session) {
    byHost.remove(session.hostId(), session);
  }
}
