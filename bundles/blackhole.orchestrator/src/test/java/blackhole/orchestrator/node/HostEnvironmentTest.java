package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.Assignment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HostEnvironmentTest {
  private static final Path HOME = Path.of("/home/node");
  private static final Path CONTROL = HOME.resolve("run/node.sock");

  @Test
  void saysWhoTheHostIs() {
    assertThat(of(Map.of("PATH", "/bin"), OptionalInt.of(50001)))
        .isEqualTo(
            Map.of(
                "PATH", "/bin",
                "SERVICE_NAME", "greeter",
                "SERVICE_INSTANCE", "2",
                "SERVICE_SOCKET", "/home/node/run/greeter-2.7.sock",
                "SERVICE_PORT", "50001",
                "BLACKHOLE_SOCKET", "/home/node/run/node.sock",
                "BLACKHOLE_TOKEN", "secret",
                "MALLOC_ARENA_MAX", "2"));
  }

  @Test
  void whatWasMeantForAnotherServiceDoesNotGetThrough() {
    assertThat(
            of(
                Map.of("SERVICE_PORT", "1", "SERVICE_NAME", "other", "BLACKHOLE_TOKEN", "other"),
                OptionalInt.empty()))
        .doesNotContainKey("SERVICE_PORT")
        .containsEntry("SERVICE_NAME", "greeter")
        .containsEntry("BLACKHOLE_TOKEN", "secret");
  }

  @Test
  void aSpareKnowsItsNodeAlone() {
    assertThat(
            HostEnvironment.ofSpare(
                Map.of("SERVICE_NAME", "other", "PATH", "/bin"), CONTROL, "secret"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PATH", "/bin",
                "BLACKHOLE_SOCKET", "/home/node/run/node.sock",
                "BLACKHOLE_TOKEN", "secret",
                "MALLOC_ARENA_MAX", "2"));
  }

  @Test
  void anOperatorsOwnChoiceOfArenasStays() {
    assertThat(of(Map.of("MALLOC_ARENA_MAX", "8"), OptionalInt.empty()))
        .containsEntry("MALLOC_ARENA_MAX", "8");
  }

  private static Map<String, String> of(Map<String, String> inherited, OptionalInt port) {
    Assignment assignment =
        new Assignment(
            "greeter-2-abc-7",
            HOME,
            "node-a",
            "greeter",
            2,
            HOME.resolve("run/greeter-2.7.sock"),
            HOME.resolve("run/greeter-2.sock"),
            port,
            List.of(),
            "greeter",
            Map.of(),
            Optional.empty(),
            Optional.of(CONTROL),
            HOME.resolve("log/greeter-2.log"),
            Optional.empty(),
            Optional.empty(),
            1 << 20,
            OptionalInt.empty(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    return HostEnvironment.of(inherited, assignment, CONTROL, "secret");
  }
}
