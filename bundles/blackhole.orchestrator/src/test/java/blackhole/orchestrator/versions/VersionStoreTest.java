package blackhole.orchestrator.versions;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.plan.InstalledBundle;
import blackhole.orchestrator.versions.Entry.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionStoreTest {
  private static final String S = "echo";

  @TempDir Path directory;
  private NodeHome home;
  private VersionStore store;

  @BeforeEach
  void open() {
    home = NodeHome.of(directory);
    store = new VersionStore(home, () -> 2);
  }

  private static String digest(int number) {
    return "%064x".formatted(number);
  }

  private void install(int number) throws IOException {
    Path unused = store.keep(S, digest(number), new byte[] {(byte) number});
    store.add(
        S,
        new Entry(
            Optional.of("1.0." + number),
            Optional.of(digest(number)),
            Instant.ofEpochSecond(number),
            "shell",
            Optional.of(Entry.IN_PLACE),
            Standing.PENDING,
            ""));
  }

  @Test
  void whatIsInForceIsFoundByWhoComesLater() throws IOException {
    assertThat(InstalledBundle.digest(home, S)).isEmpty();
    install(1);
    store.choose(S, Optional.of(digest(1)));
    store.succeed(S);

    assertThat(InstalledBundle.digest(home, S)).contains(digest(1));
    assertThat(store.jar(S, digest(1))).hasBinaryContent(new byte[] {1});
    assertThat(new VersionStore(home, () -> 2).history(S))
        .extracting(Entry::standing)
        .containsExactly(Standing.CURRENT);

    store.choose(S, Optional.empty());
    assertThat(InstalledBundle.digest(home, S)).isEmpty();
  }

  @Test
  void aNameOfWhatIsNotThereIsNotInForce() throws IOException {
    store.choose(S, Optional.of(digest(7)));
    assertThat(InstalledBundle.digest(home, S)).isEmpty();
    Files.writeString(home.bundles().resolve(S).resolve("current"), "../../x");
    assertThat(InstalledBundle.digest(home, S)).isEmpty();
  }

  @Test
  void oneGoesBackToWhatWasBeforeAndForthAgain() throws IOException {
    install(1);
    store.succeed(S);
    install(2);
    store.succeed(S);
    install(3);
    store.amend(S, Standing.ROLLED_BACK, "bad");

    assertThat(VersionStore.previous(store.history(S), digest(2)).orElseThrow().has(digest(1)))
        .isTrue();
    install(1);
    store.succeed(S);
    assertThat(VersionStore.previous(store.history(S), digest(1)).orElseThrow().has(digest(2)))
        .isTrue();
    assertThat(VersionStore.wasInstalled(store.history(S), digest(1))).isTrue();
    assertThat(VersionStore.wasInstalled(store.history(S), digest(3))).isFalse();
  }

  @Test
  void whatWasUnderWayWhenTheOrchestratorEndedWasNotInstalled() throws IOException {
    install(1);
    store.choose(S, Optional.of(digest(1)));
    store.succeed(S);
    install(2);
    // as a rolling one does before it begins, and one in place before it ends
    store.choose(S, Optional.of(digest(2)));

    VersionStore next = new VersionStore(home, () -> 2);
    assertThat(next.settle(S, digest(9))).isTrue();
    assertThat(next.settle(S, digest(9))).isFalse();

    assertThat(InstalledBundle.digest(home, S)).contains(digest(1));
    assertThat(next.history(S))
        .extracting(Entry::standing)
        .containsExactly(Standing.CURRENT, Standing.ROLLED_BACK);
  }

  @Test
  void theLaunchersVersionIsInForceAgainWithoutBeingChosen() throws IOException {
    install(1);
    store.succeed(S);
    install(2);
    store.choose(S, Optional.of(digest(2)));

    assertThat(store.settle(S, digest(1))).isTrue();

    assertThat(InstalledBundle.digest(home, S)).isEmpty();
  }

  @Test
  void theOldestGoAndTheirBytesToo() throws IOException {
    for (int number = 1; number <= 9; number++) {
      install(number);
      store.choose(S, Optional.of(digest(number)));
      store.succeed(S);
    }

    assertThat(store.history(S))
        .extracting(entry -> entry.version().orElseThrow())
        .containsExactly("1.0.6", "1.0.7", "1.0.8", "1.0.9");
    assertThat(store.jar(S, digest(9))).exists();
    assertThat(store.jar(S, digest(8))).exists();
    assertThat(store.jar(S, digest(1))).doesNotExist();
  }

  @Test
  void aTornLineIsLeftOut() throws IOException {
    install(1);
    Files.writeString(
        home.bundles().resolve(S).resolve("history.jsonl"),
        "{\"version\":",
        StandardOpenOption.APPEND);
    assertThat(store.history(S)).hasSize(1);
  }
}
