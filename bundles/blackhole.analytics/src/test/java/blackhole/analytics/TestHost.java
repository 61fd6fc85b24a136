package blackhole.analytics;

import blackhole.api.service.HostInfo;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** A host with a data directory. */
record TestHost(Path data) implements HostInfo {
  @Override
  public String service() {
    return "analytics";
  }

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
    return data.resolve("analytics-1.1.sock");
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
