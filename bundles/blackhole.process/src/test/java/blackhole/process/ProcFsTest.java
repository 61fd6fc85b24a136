package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFsTest {
  @TempDir Path root;
  private ProcFs procFs;

  @BeforeEach
  void layOut() {
    procFs = new ProcFs(root);
  }

  @Test
  void tellsAProcessFromALaterOneOfItsNumber() throws IOException {
    process(7, 'S', 7, 7, 1000);
    assertThat(procFs.lives(new ProcessIdentity(7, 1000))).isTrue();
    assertThat(procFs.lives(new ProcessIdentity(7, 1001))).isFalse();
    assertThat(procFs.lives(new ProcessIdentity(8, 1000))).isFalse();
  }

  @Test
  void aZombieDoesNotLive() throws IOException {
    process(7, 'Z', 7, 7, 1000);
    assertThat(procFs.stat(7)).isEmpty();
  }

  @Test
  void findsWhatIsLeftOfAGroup() throws IOException {
    Files.createDirectories(root.resolve("sys"));
    process(9, 'S', 7, 7, 1001);
    process(10, 'S', 8, 7, 1002);
    process(11, 'Z', 12, 12, 1003);
    assertThat(procFs.groupLives(7)).isTrue();
    assertThat(procFs.groupLives(8)).as("a group of somebody else's session").isFalse();
    assertThat(procFs.groupLives(12)).as("only a zombie").isFalse();
  }

  @Test
  void readsAnEnvironmentOfUtf8() throws IOException {
    Path folder = Files.createDirectories(root.resolve("7"));
    Files.write(folder.resolve("environ"), "A=1\0B=ü=ö\0\0C=\0".getBytes(StandardCharsets.UTF_8));
    assertThat(procFs.environment(7)).contains("A=1", "B=ü=ö", "C=");
    assertThat(procFs.environment(8)).isEmpty();
  }

  @Test
  void countsOpenFiles() throws IOException {
    Path folder = Files.createDirectories(root.resolve("7/fd"));
    Files.createFile(folder.resolve("0"));
    Files.createFile(folder.resolve("1"));
    assertThat(procFs.openFiles(7)).hasValue(2);
    assertThat(procFs.openFiles(8)).isEmpty();
  }

  private void process(long pid, char state, long group, long session, long startTicks)
      throws IOException {
    Path folder = Files.createDirectories(root.resolve(Long.toString(pid)));
    Files.writeString(
        folder.resolve("stat"),
        pid
            + " (x) "
            + state
            + " 1 "
            + group
            + " "
            + session
            + " 0 -1 0 0 0 0 0 1 2 0 0 20 0 3 0 "
            + startTicks
            + " 4096 5 6\n");
  }
}
