package blackhole.launcher.distribution;

import blackhole.launcher.NodeRuntime;
import blackhole.launcher.RunOptions;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.JvmCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The second stage from this jar's own content. */
public final class CarriedRuntime implements NodeRuntime {
  /** Small, soon up, and restarted by the guardian if it should ever run out of memory. */
  private static final List<String> ORCHESTRATOR_FLAGS =
      List.of(
          "-Xms16m",
          "-Xmx128m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError");

  @Override
  public ProcessBuilder orchestrator(RunOptions options) throws IOException {
    Distribution distribution = Unpacker.unpack(options.home().lib());
    List<String> flags = new ArrayList<>(ORCHESTRATOR_FLAGS);
    flags.addAll(ClassDataArchive.of(options.home().cache(), distribution).useFlags());
    Map<String, String> passed = new LinkedHashMap<>();
    options.configuration().ifPresent(file -> passed.put("config", file.toString()));
    if (!options.only().isEmpty()) {
      passed.put("only", String.join(",", options.only()));
    }
    return new ProcessBuilder(
        JvmCommand.orchestrator(distribution, options.home().root(), flags, passed));
  }

  @Override
  public ProcessBuilder service(String name, RunOptions options) throws IOException {
    throw new IOException("not wired yet");
  }
}
