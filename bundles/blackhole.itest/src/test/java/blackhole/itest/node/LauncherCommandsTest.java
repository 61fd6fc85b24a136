package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.client.UnixSocketChannels;
import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the jar that is shipped, and how they end. */
class LauncherCommandsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"exec", "stop"})
  void withoutANodeThereIsNothingToTalkTo(String command) {
    CommandResult result =
        command.equals("exec")
            ? Commands.launcher("exec", "--home", "" + directory, "bh:ps")
            : Commands.launcher(command, "--home", "" + directory);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.stderr()).contains("no node runs at " + directory, "start one with");
    assertThat(result.stdout()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nonsense,unknown command",
    "service --name nonsense,nonsense",
    "run --only nonsense,nonsense",
    "check --config /no/such/file,/no/such/file"
  })
  void whatDoesNotExistIsSaid(String line, String words) {
    String[] arguments = (line + " --home " + directory.resolve("home")).split(" ");
    CommandResult result = Commands.launcher(arguments);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.stderr()).contains(words).doesNotContain("Exception", "\tat ");
    assertThat(result.stdout()).isEmpty();
  }

  @Test
  void versionAndHelpAreTold() {
    assertThat(Commands.launcher("version"))
        .satisfies(
            result -> {
              assertThat(result.exitCode()).isZero();
              assertThat(result.stdout()).contains(System.getProperty("blackhole.version"));
            });
    assertThat(Commands.launcher("help").stdout()).contains("run", "exec", "check", "service");
    assertThat(Commands.launcher("run", "--help").stdout()).contains("--only", "--no-shell");
  }

  @Test
  void aConfigurationIsCheckedBeforeAnythingStarts() throws IOException {
    Path file = directory.resolve("node.yaml");
    Files.writeString(
        file,
        """
        services:
          identity:
            prot: 50001
            resource_limits: { max_memory: lots }
          greeter:
            depends_on: [nobody]
        supervisor:
          start_timeout: 30
        """);
    String home = directory.resolve("home").toString();

    for (String command : new String[] {"check", "run"}) {
      CommandResult result = Commands.launcher(command, "--home", home, "--config", "" + file);
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.stderr())
          .contains(
              file + ":3:5 services.identity.prot: ",
              "did you mean port?",
              file + ":4:36 services.identity.resource_limits.max_memory: ",
              file + ":6:18 services.greeter.depends_on",
              file + ":8:18 supervisor.start_timeout: ")
          .doesNotContain("Exception");
    }
    assertThat(Path.of(home, "run", "node.sock")).doesNotExist();
  }

  @Test
  void aGoodConfigurationsPlanIsShown() throws IOException {
    Path file = directory.resolve("node.yaml");
    Files.writeString(file, "services:\n  identity: { resource_limits: { max_memory: 512MB } }\n");

    CommandResult result =
        Commands.launcher("check", "--home", "" + directory, "--config", "" + file);

    assertThat(result.exitCode()).isZero();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).contains("identity", "-Xmx", "512");
  }

  @Test
  void theBuiltInConfigurationRunsAllServices() {
    CommandResult result = Commands.launcher("check", "--home", "" + directory);

    assertThat(result.exitCode()).isZero();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout())
        .contains("7 services", "1. identity", "storage", "ledger", "events")
        .contains("analytics", "indexer", "telemetry");
  }

  @Test
  void aServiceRunsAloneUntilItIsToldToStop() throws Exception {
    Path log = directory.resolve("printed");
    Process service =
        new ProcessBuilder(
                LauncherJar.command(
                    LauncherJar.find(), "service", "--name", "identity", "--home", "" + directory))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (var channels = new UnixSocketChannels()) {
      Path socket = directory.resolve("run/identity-1.sock");
      Await.until("it is READY", TestNode.PATIENCE, () -> Files.exists(socket));
      var channel = channels.open(socket);
      try {
        Users.register(channel, "alice");
        assertThat(Users.authenticate(channel, "alice")).isNotEmpty();
      } finally {
        channel.shutdownNow();
      }

      service.destroy();

      assertThat(service.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(service.exitValue()).as(Files.readString(log)).isZero();
      assertThat(socket).doesNotExist();
    } finally {
      service.destroyForcibly();
    }
  }
}
