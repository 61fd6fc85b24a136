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
    Optional<String> known = configured.isPresent() ? configured : made(home);
    if (known.isPresent()) {
      return known.get();
    }
    Path file = file(home);
    String made = "node-" + UUID.randomUUID().toString().substring(0, 8);
    Path temporary = home.state().resolve("node.id.new");
    Files.writeString(temporary, made + "\n");
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    return made;
  }

  /** The one that was made on first start; empty as long as there is none. */
  public static Optional<String> made(NodeHome home) throws IOException {
    Path file = file(home);
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  private static Path file(NodeHome home) {
    return home.state().resolve("node.id");
  }
}
