package blackhole.host;

import blackhole.api.host.Assignment;
import blackhole.api.service.HostInfo;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the service may know of its host, from the assignment. */
@Component
public final class AssignedHost implements HostInfo {
  private final Assignment assignment;

  @Activate
  public AssignedHost(@Reference Assignment assignment) {
    this.assignment = assignment;
  }

  @Override
  public String service() {
    return assignment.service();
  }

  @Override
  public int instance() {
    return assignment.instance();
  }

  @Override
  public String nodeId() {
    return assignment.nodeId();
  }

  @Override
  public Path socket() {
    return assignment.socket();
  }

  @Override
  public OptionalInt port() {
    return assignment.port();
  }

  @Override
  public Optional<Path> dataDirectory() {
    return assignment.dataDirectory();
  }
}
