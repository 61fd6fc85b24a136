package blackhole.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdTest {
  @TempDir Path directory;

  @Test
  void isMadeOnceAndKept() throws Exception {
    NodeHome home = NodeHome.of(directory);
    home.create();
    String made = NodeId.of(home, Optional.empty());
    assertThat(made).matches("node-[0-9a-f]{8}");
    assertThat(NodeId.of(home, Optional.empty())).isEqualTo(made);
  }

  @Test
  void isTheConfiguredOneIfThereIsOne() throws Exception {
    NodeHome home = NodeHome.of(directory);
    home.create();
    assertThat(NodeId.of(home, Optional.of("node-a"))).isEqualTo("node-a");
  }
}
