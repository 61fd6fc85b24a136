package blackhole.testkit;

import blackhole.api.service.HostInfo;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a component is told of its host, without one: the first instance of a service, on a node of
 * its own, with a data directory.
 */
public record TestHost(String service, Path data) implements HostInfo {
  @Override
  public int instance() {
    return 1;
  }

  @Override
  public String nodeId() {
    return "node-a";
  }

  @Override
  public Path socket() {
    return data.resolve(service + "-1.1.sock");
  }

  @Override
  public OptionalInt port() {
    return OptionalInt.empty();
  }

  @Override
  public Optional<Path> dataDirectory() {
    return Optional.of(data);
  }
}
