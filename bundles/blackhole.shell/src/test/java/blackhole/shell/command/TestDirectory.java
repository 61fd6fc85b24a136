package blackhole.shell.command;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A registry that stands still. */
public final class TestDirectory implements ServiceDirectory {
  public boolean complete = true;
  private final Map<String, ServiceRecord> services = new TreeMap<>();

  TestDirectory() {
    put(
        "identity",
        Map.of("blackhole.identity.v1.Identity/Authenticate", Idempotency.UNKNOWN),
        List.of());
    put("storage", Map.of(), List.of());
  }

  void put(String name, Map<String, Idempotency> methods, List<RegisteredEndpoint> endpoints) {
    services.put(
        name,
        new ServiceRecord(name, 1, Availability.SERVING, CallPolicy.DEFAULT, methods, endpoints));
  }

  @Override
  public Optional<ServiceRecord> find(String service) {
    return Optional.ofNullable(services.get(service));
  }

  @Override
  public List<ServiceRecord> services() {
    return List.copyOf(services.values());
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public Watch watch(String service, Watcher watcher) {
    throw new UnsupportedOperationException();
  }
}
