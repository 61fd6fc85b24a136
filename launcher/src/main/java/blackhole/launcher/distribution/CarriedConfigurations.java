package blackhole.launcher.distribution;

import blackhole.api.host.NodeHome;
import blackhole.launcher.Configurations;
import blackhole.orchestrator.config.MachineMemory;
import blackhole.orchestrator.config.parser.CheckReport;
import blackhole.orchestrator.config.parser.ParseResult;
import blackhole.orchestrator.config.parser.Problem;
import blackhole.orchestrator.distribution.CarriedCatalog;
import blackhole.orchestrator.plan.ConfiguredNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Checks configurations against what this jar carries and this machine has. */
public final class CarriedConfigurations implements Configurations {
  @Override
  public Report check(NodeHome home, Optional<Path> named) throws IOException {
    Optional<Path> file = ConfiguredNode.file(home, named);
    ParseResult result = ConfiguredNode.parse(home, file, new CarriedCatalog(Unpacker.carried()));
    if (result.config().isPresent()) {
      String source = file.map(Path::toString).orElse("the built-in default");
      return new Report(true, CheckReport.of(result, source, MachineMemory.read().bytes()));
    }
    StringBuilder errors = new StringBuilder();
    for (Problem error : result.errors()) {
      errors.append(error).append('\n');
    }
    return new Report(false, errors.toString());
  }
}
