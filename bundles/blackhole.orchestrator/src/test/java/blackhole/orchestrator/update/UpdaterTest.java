package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.api.observe.Tracer;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Updates;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.ConfigParser;
import blackhole.orchestrator.config.parser.SecretResolver;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.DistributionIndex;
import blackhole.orchestrator.plan.InstalledBundle;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.trust.BundleTrust;
import blackhole.orchestrator.versions.VersionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down of updates, with real files, and instances that are values. */
class UpdaterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final Instances fleet = new Instances();
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private NodeHome home;
  private Updater updater;

  @BeforeEach
  void serve() throws IOException {
    home = NodeHome.of(directory.resolve("home"));
    Path first = Jars.version(directory, "1.0.0");
    NodeConfig config =
        new ConfigParser(List::of, SecretResolver.SYSTEM)
            .parse("services: { s: { bundle: \"" + first + "\" } }", directory + "/node.yaml")
            .config()
            .orElseThrow();
    Properties index = new Properties();
    index.setProperty("digest", "d");
    index.setProperty("services", "");
    ServiceBundles bundles =
        new ServiceBundles(
            home, new Distribution(directory.resolve("lib"), new DistributionIndex(index)));
    updater =
        new Updater(
            new Updater.Parts(
                config::enabled,
                bundles,
                new VersionStore(home, () -> 5),
                fleet,
                () -> Duration.ofSeconds(1),
                Clock.systemUTC(),
                (service, words, who, warning) -> fleet.did.add("note: " + words),
                new Tracer(spans -> {}),
                BundleTrust.EVERYBODY,
                List.of(),
                executor));
    fleet.add(1, InstanceState.READY);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private CompletionStage<List<String>> update(Path file, boolean rolling) {
    return updater.update(
        "s", file, new Updates.Options(false, false, false, rolling), "shell", step -> {});
  }

  private List<Updates.Outcome> outcomes() {
    return updater.history("s").stream().map(Updates.Version::outcome).toList();
  }

  @Test
  void whatAllHaveIsInForceAndTheHistorySaysSo() throws Exception {
    assertThat(update(Jars.version(directory, "2.0.0"), false)).succeedsWithin(PATIENCE);

    assertThat(outcomes()).containsExactly(Updates.Outcome.REPLACED, Updates.Outcome.CURRENT);
    assertThat(InstalledBundle.digest(home, "s")).isPresent();
    assertThat(updater.counts()).containsEntry("s", Map.of(Updates.Outcome.CURRENT, 1L));
  }

  /** Whichever way it was asked for, nothing is under way any more when it has failed. */
  @Test
  void oneThatCannotBePutInForceIsRolledBackInTheHistoryToo() throws Exception {
    obstruct("current.new");

    for (boolean rolling : List.of(false, true)) {
      assertThat(update(Jars.version(directory, rolling ? "3.0.0" : "2.0.0"), rolling))
          .failsWithin(PATIENCE)
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOf(SupervisionException.class)
          .withMessageStartingWith("cannot be updated: ");
    }

    assertThat(outcomes())
        .containsExactly(
            Updates.Outcome.CURRENT, Updates.Outcome.ROLLED_BACK, Updates.Outcome.ROLLED_BACK);
    assertThat(InstalledBundle.digest(home, "s")).isEqualTo(Optional.empty());
    assertThat(updater.counts()).containsEntry("s", Map.of(Updates.Outcome.ROLLED_BACK, 2L));
    // the instance that had it already
    assertThat(fleet.did).filteredOn(did -> did.startsWith("update 1 to")).hasSize(2);
    assertThat(fleet.reserved).isZero();
  }

  /** Something is where the file that says what is in force would be made. */
  private void obstruct(String name) throws IOException {
    Files.createDirectories(home.bundles().resolve("s").resolve(name));
  }
}
