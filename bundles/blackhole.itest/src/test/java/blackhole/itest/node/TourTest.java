package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour on a node of its own, of which nothing stays. */
class TourTest {
  @TempDir Path directory;

  private Path temporary;
  private Path printed;
  private Process tour;

  @BeforeEach
  void start() throws IOException {
    temporary = Files.createDirectory(directory.resolve("t"));
    printed = directory.resolve("printed");
    Path configuration =
        Files.writeString(
            directory.resolve("node.yaml"),
            """
            services: { identity: {}, storage: {}, ledger: {}, events: {} }
            supervisor: { warm_spares: 0 }
            """);
    List<String> command =
        new ArrayList<>(
            LauncherJar.command(
                LauncherJar.find(),
                "tour",
                "--home",
                directory.resolve("nobody").toString(),
                "--config",
                configuration.toString()));
    command.add(1, "-Djava.io.tmpdir=" + temporary);
    tour =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
  }

  @AfterEach
  void end() throws InterruptedException {
    tour.destroy();
    assertThat(tour.waitFor(2 * TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private void assertNothingIsLeft() throws IOException {
    try (var left = Files.list(temporary)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("bh-"))).isEmpty();
    }
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(
            process -> process.info().commandLine().orElse("").contains(temporary + "/bh-tour-"));
  }

  @Test
  void tellsTheStoryWithTheServicesThatThereAre() throws Exception {
    assertThat(tour.waitFor(4 * TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    String told = Files.readString(printed);
    assertThat(tour.exitValue()).as(told).isZero();
    assertThat(told)
        .containsSubsequence(
            "1. a user registers",
            "did:key:",
            "3. stores a document",
            "bafkrei",
            "4. the ledger records it",
            "leafHash",
            "5. an event goes out",
            "blob.stored",
            "storedBy",
            "6. analytics counts it",
            "skipped: this node has no service 'analytics'",
            "That was the story: 5 steps, and 3 of services that this node lacks.");
    assertNothingIsLeft();
  }

  @Test
  void takesItsNodeAlongWhenItIsInterrupted() throws Exception {
    Await.until(
        "the node is being started",
        TestNode.PATIENCE,
        () -> {
          try (var files = Files.walk(temporary)) {
            return files.anyMatch(path -> path.endsWith("run/node.lock"));
          }
        });
    TestNode.signal(tour.pid(), "INT");
    assertThat(tour.waitFor(2 * TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(tour.exitValue()).isNotZero();
    assertNothingIsLeft();
  }
}
