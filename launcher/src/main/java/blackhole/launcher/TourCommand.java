package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Takes the tour on the node that runs, or else on one of its own. */
final class TourCommand {
  private static final long UP_MILLIS = TimeUnit.MINUTES.toMillis(2);

  private final NodeHome home;
  private final Optional<Path> configuration;
  private final PrintStream out;

  /**
   * @param configuration of a temporary node
   */
  TourCommand(NodeHome home, Optional<Path> configuration, PrintStream out) {
    this.home = home;
    this.configuration = configuration;
    this.out = out;
  }

  int run() throws IOException, InterruptedException {
    if (HomeLock.isHeld(home)) {
      out.println("on the node at " + home + ", where its user, document and entry stay");
      new Tour(new NodeCalls(home), out).take();
      return ExitCodes.DONE;
    }
    out.println("no node runs at " + home + ": on a temporary one, of which nothing stays;");
    out.println("it is being started");
    try (TemporaryNode node = TemporaryNode.start(configuration)) {
      node.awaitUp(UP_MILLIS);
      new Tour(new NodeCalls(node.home()), out).take();
      out.println("The temporary node is stopped, and goes with all that it holds.");
    }
    return ExitCodes.DONE;
  }
}
