package blackhole.orchestrator.plan;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/** The node's name: configured, or made on its first start and kept. */
public final class NodeId {
  private NodeId() {}

  public static String of(NodeHome home, Optional<String> configured) throws IOException {
    if (configured.isPresent()) {
      return configured.get();
    }
    Path file = home.state().resolve("node.id");
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    String made = "node-" + UUID.randomUUID().toString().substring(0, 8);
    Path temporary = home.state().resolve("node.id.new");
    Files.writeString(temporary, made + "\n");
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    return made;
  }
}
