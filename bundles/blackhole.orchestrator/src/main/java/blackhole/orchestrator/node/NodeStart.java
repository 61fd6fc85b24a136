package blackhole.orchestrator.node;

import blackhole.orchestrator.distribution.CarriedCatalog;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.plan.ConfiguredNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** From options to a running node, or to an exit code with a reason. */
final class NodeStart {
  private static final Logger LOG = System.getLogger(NodeStart.class.getName());
  private static final int FAILED = 1;
  private static final int WRONG_CONFIGURATION = 2;

  private NodeStart() {}

  static void run(NodeOptions options, Surroundings surroundings) {
    try {
      Distribution distribution = Distribution.read(options.index());
      ConfiguredNode configured =
          ConfiguredNode.read(
              options.home(),
              options.configuration(),
              new CarriedCatalog(distribution.index()),
              options.only());
      new Node(options, configured, distribution, surroundings).start();
    } catch (ConfiguredNode.RefusedException e) {
      e.errors().forEach(surroundings.err()::println);
      surroundings.lifecycle().exit(WRONG_CONFIGURATION);
    } catch (IOException | UncheckedIOException e) {
      fail(surroundings, e.toString(), e);
    } catch (RuntimeException | Error e) {
      fail(surroundings, e + " (see log/node.log in the home)", e);
    }
  }

  private static void fail(Surroundings surroundings, String reason, Throwable cause) {
    LOG.log(Level.ERROR, "the node cannot start", cause);
    surroundings.err().println("blackhole: the node cannot start: " + reason);
    surroundings.lifecycle().exit(FAILED);
  }
}
