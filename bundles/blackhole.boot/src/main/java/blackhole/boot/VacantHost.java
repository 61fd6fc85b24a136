package blackhole.boot;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.NodeHome;
import blackhole.api.host.Vacancy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;

/** A host that waits for its service, in a framework that runs already. */
record VacantHost(
    String hostId,
    NodeHome home,
    Duration orphanTimeout,
    BundleContext context,
    AtomicBoolean taken)
    implements Vacancy {
  VacantHost(String hostId, NodeHome home, Duration orphanTimeout, BundleContext context) {
    this(hostId, home, orphanTimeout, context, new AtomicBoolean());
  }

  @Override
  public void fill(Path file) throws IOException {
    Assignment assignment = AssignmentFile.read(file);
    if (!assignment.hostId().equals(hostId)) {
      throw new IOException(file + ": meant for host " + assignment.hostId() + ", not " + hostId);
    }
    if (!taken.compareAndSet(false, true)) {
      throw new IllegalStateException("this host has a service already");
    }
    Logs.hide(assignment.secrets());
    Logs.move(assignment.log(), Logs.source(assignment));
    context.registerService(Assignment.class, assignment, null);
  }
}
