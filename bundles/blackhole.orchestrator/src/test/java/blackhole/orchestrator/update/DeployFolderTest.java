package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.AuditTrail;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Updates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployFolderTest {
  @TempDir private Path directory;

  private final Asked updates = new Asked();
  private final List<String> audited = new ArrayList<>();
  private final AuditTrail audit =
      (user, command, arguments) -> {
        audited.add(user + " " + command + " " + arguments);
        return new AuditTrail.Change() {
          @Override
          public void done() {
            audited.add("done");
          }

          @Override
          public void failed(String message) {
            audited.add(message);
          }
        };
      };
  private DeployFolder folder;
  private Path hot;

  @BeforeEach
  void open() throws IOException {
    hot = directory.resolve("deploy/hot");
    folder = next();
  }

  private DeployFolder next() {
    return new DeployFolder(
        directory.resolve("deploy"),
        directory.resolve("taken.properties"),
        updates,
        () -> Optional.of(audit));
  }

  private Path drop(String name, String text) throws IOException {
    Files.createDirectories(hot);
    return Files.writeString(hot.resolve(name), text);
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      folder.look();
    }
  }

  @Test
  void aFileIsTakenOnceWhenNobodyWritesToItAnyMore() throws IOException {
    look(2);
    Path file = drop("a.jar", "begun");
    folder.look();
    Files.writeString(file, " and ended", StandardOpenOption.APPEND);
    folder.look();
    assertThat(updates.asked).isEmpty();

    look(3);

    assertThat(updates.asked).containsExactly("hot a.jar by deploy");
  }

  @Test
  void whatWasRefusedIsTriedAgainWhenItHasChanged() throws IOException {
    updates.answer = CompletableFuture.failedFuture(new SupervisionException("it is no jar"));
    Path file = drop("a.jar", "bad");
    look(4);
    assertThat(updates.asked).hasSize(1);
    assertThat(audited)
        .containsExactly(
            Files.getOwner(file).getName() + " deploy [hot, " + file + "]", "it is no jar");

    drop("a.jar", "better");
    look(4);

    assertThat(updates.asked).hasSize(2);
  }

  @Test
  void theNextOrchestratorTakesOnlyWhatThisOneHasNot() throws IOException {
    drop("a.jar", "a");
    look(3);
    folder = next();
    look(3);
    assertThat(updates.asked).hasSize(1);

    Files.setLastModifiedTime(drop("b.jar", "b"), FileTime.fromMillis(4_000_000_000_000L));
    folder = next();
    look(3);

    assertThat(updates.asked).containsExactly("hot a.jar by deploy", "hot b.jar by deploy");
  }

  @Test
  void otherFilesAreLeftAlone() throws IOException {
    drop("a.jar.part", "a");
    drop(".a.jar", "a");
    Files.createDirectories(hot.resolve("b.jar"));
    look(3);
    assertThat(updates.asked).isEmpty();
  }

  @Test
  void oneAtATime() throws IOException {
    updates.answer = new CompletableFuture<>();
    drop("a.jar", "a");
    look(3);
    drop("a.jar", "other");
    look(3);
    assertThat(updates.asked).hasSize(1);

    updates.answer.complete(List.of("done"));
    look(3);

    assertThat(updates.asked).hasSize(2);
  }

  private static final class Asked implements Updates {
    final List<String> asked = new ArrayList<>();
    CompletableFuture<List<String>> answer = CompletableFuture.completedFuture(List.of("done"));

    @Override
    public CompletionStage<List<String>> update(
        String service, Path file, Options options, String who, Consumer<String> progress) {
      asked.add(service + " " + file.getFileName() + " by " + who);
      return answer;
    }

    @Override
    public CompletionStage<List<String>> fetch(
        String service,
        String url,
        String sha256,
        Options options,
        String who,
        Consumer<String> progress) {
      throw new AssertionError("nobody fetches");
    }

    @Override
    public CompletionStage<List<String>> rollback(
        String service, boolean builtin, boolean rolling, String who, Consumer<String> progress) {
      throw new AssertionError("nobody goes back");
    }

    @Override
    public CompletionStage<List<String>> replace(
        String service, String who, Consumer<String> progress) {
      throw new AssertionError("nobody is replaced");
    }

    @Override
    public List<Version> history(String service) {
      return List.of();
    }

    @Override
    public List<InstanceId> underWay() {
      return List.of();
    }

    @Override
    public Map<String, Map<Outcome, Long>> counts() {
      return Map.of();
    }
  }
}
