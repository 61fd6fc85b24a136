package blackhole.shell.command;

import blackhole.api.supervision.Alerts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Alerts as a test wants them. */
final class TestAlerts implements Alerts {
  final List<Alert> all = new ArrayList<>();
  final List<String> asked = new ArrayList<>();

  @Override
  public List<Alert> alerts() {
    return List.copyOf(all);
  }

  @Override
  public List<String> names() {
    return List.of("failed", "disk_full");
  }

  @Override
  public List<Alert> silence(String alert, Duration atMost, String who) {
    asked.add(alert + " " + atMost + " " + who);
    return all.stream().filter(one -> alert.startsWith(one.name())).toList();
  }

  @Override
  public AutoCloseable watch(Runnable watcher) {
    return () -> {};
  }

  @Override
  public Optional<URI> webhook() {
    return Optional.empty();
  }
}
