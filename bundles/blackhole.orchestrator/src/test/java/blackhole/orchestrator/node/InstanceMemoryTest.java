package blackhole.orchestrator.node;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.Configs;
import blackhole.orchestrator.supervision.Remembered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceMemoryTest {
  private static final Instant WHEN = Instant.parse("2026-03-04T05:06:07Z");
  private static final InstanceId STORAGE = new InstanceId("storage", 1);
  private static final InstanceId SECOND = new InstanceId("storage", 2);
  private static final InstanceId IDENTITY = new InstanceId("identity", 1);
  private static final NodeConfig CONFIG = Configs.valid("services: { storage: {}, identity: {} }");

  @TempDir Path directory;
  private Path file;
  private InstanceMemory memory;

  @BeforeEach
  void make() {
    file = directory.resolve("instances.properties");
    memory = new InstanceMemory(file, Runnable::run);
  }

  private static InstanceStatus status(
      InstanceId id, InstanceState state, boolean starts, int restarts) {
    return new InstanceStatus(
        id,
        state,
        InstanceHealth.UNKNOWN,
        "stopped, as \u00e4lice asked = so",
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        restarts,
        restarts > 0 ? Optional.of(WHEN) : Optional.empty(),
        restarts > 0 ? Optional.of("killed") : Optional.empty(),
        Path.of("/s"),
        OptionalInt.empty(),
        Optional.empty(),
        starts ? Optional.of(Duration.ZERO) : Optional.empty());
  }

  private static Remembered runs(int restarts) {
    return new Remembered(
        restarts,
        restarts > 0 ? Optional.of(WHEN) : Optional.empty(),
        restarts > 0 ? Optional.of("killed") : Optional.empty(),
        Optional.empty());
  }

  private static Remembered down() {
    return new Remembered(
        0, Optional.empty(), Optional.empty(), Optional.of("stopped, as \u00e4lice asked = so"));
  }

  private void write() {
    memory.write(
        CONFIG,
        List.of(
            status(STORAGE, InstanceState.READY, false, 2),
            status(SECOND, InstanceState.DRAINING, true, 0),
            status(IDENTITY, InstanceState.STOPPED, false, 0)),
        Set.of());
  }

  @Test
  void oneThatStoodInForOthersIsKnownAsThat() {
    memory.write(
        CONFIG,
        List.of(
            status(STORAGE, InstanceState.READY, false, 2),
            status(SECOND, InstanceState.READY, false, 0)),
        Set.of(SECOND));
    assertThat(memory.read(CONFIG)).containsOnlyKeys(STORAGE);
    assertThat(memory.readStandIns()).containsExactly(SECOND);
    memory.forget();
    assertThat(memory.readStandIns()).isEmpty();
  }

  @Test
  void theNextOneKnowsWhatThisOneKnew() {
    write();
    assertThat(new InstanceMemory(file, Runnable::run).read(CONFIG))
        .containsOnly(entry(STORAGE, runs(2)), entry(SECOND, runs(0)), entry(IDENTITY, down()));
  }

  @Test
  void oneThatDrainsForGoodIsDown() {
    memory.write(CONFIG, List.of(status(IDENTITY, InstanceState.DRAINING, false, 0)), Set.of());
    assertThat(memory.read(CONFIG)).containsOnly(entry(IDENTITY, down()));
  }

  @Test
  void aChangedConfigurationIsTheNewerWord() {
    write();
    NodeConfig more = Configs.valid("services: { storage: { instances: 3 }, identity: {} }");
    assertThat(memory.read(more)).containsOnlyKeys(IDENTITY);
    NodeConfig less = Configs.valid("services: { storage: {} }");
    assertThat(memory.read(less)).containsOnlyKeys(STORAGE, SECOND);
  }

  @Test
  void anOrderedStopLeavesNothingToGoOnFrom() {
    write();
    memory.forget();
    assertThat(file).doesNotExist();
    write();
    assertThat(file).as("the instances that stop with the node").doesNotExist();
    assertThat(memory.read(CONFIG)).isEmpty();
  }

  @Test
  void whatTheNodesOwnEndDoesIsNotKept() {
    write();
    memory.keep();
    memory.write(CONFIG, List.of(), Set.of());
    assertThat(memory.read(CONFIG)).hasSize(3);
  }

  @Test
  void aFileOfAnotherBootOrATornOneIsIgnored() throws Exception {
    write();
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("(?m)^boot=.*$", "boot=another"));
    assertThat(memory.read(CONFIG)).isEmpty();
    Files.writeString(file, text.replace("restarts=2", "restarts=two"));
    assertThat(memory.read(CONFIG)).isEmpty();
  }
}
