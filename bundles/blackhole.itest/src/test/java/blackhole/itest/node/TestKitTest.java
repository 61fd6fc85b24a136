package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.Await;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test kit cleans up after tests that could not. */
class TestKitTest {
  @TempDir private Path directory;

  @Test
  void aTestThatIsKilledLeavesNothing() throws Exception {
    Path shown = directory.resolve("shown");
    Process test =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Dblackhole.launcher=" + LauncherJar.find(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledTest.class.getName())
            .redirectError(directory.resolve("errors").toFile())
            .redirectOutput(shown.toFile())
            .start();
    try {
      List<String> told = Await.value("the node is up", TestNode.PATIENCE, () -> told(shown));
      Path home = Path.of(told.get(0));
      List<Long> processes = told.subList(1, 3).stream().map(Long::parseLong).toList();
      assertThat(processes).allMatch(Processes::lives);

      test.destroyForcibly();

      processes.forEach(Processes::awaitGone);
      Await.until(
          "the directory is gone", TestNode.PATIENCE, () -> !Files.exists(home.getParent()));
    } finally {
      test.destroyForcibly();
    }
  }

  private static Optional<List<String>> told(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() == 4 ? Optional.of(lines) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A test that gets no chance to close its node. */
  static final class KilledTest {
    public static void main(String[] arguments) throws InterruptedException {
      TestNode node = TestNode.builder().start();
      System.out.println(node.home());
      System.out.println(node.process().pid());
      System.out.println(node.pid("identity").orElseThrow());
      System.out.println("up");
      new CountDownLatch(1).await();
    }
  }
}
