package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd itself has to say of the unit that is shipped, where there is a systemd. */
class SystemdUnitTest {
  private static final Path UNIT = Path.of("systemd", "blackhole.service");

  /** Of systemd 254; older ones pass it over, as the README says. */
  private static final String NEWER = "'DelegateSubgroup'";

  @TempDir Path directory;

  @Test
  void theUnitIsAsSystemdWantsIt() throws Exception {
    Path java = ProcessHandle.current().info().command().map(Path::of).orElseThrow();
    // it looks whether the program is there, and it may be elsewhere on this machine
    Path unit = directory.resolve("blackhole.service");
    Files.writeString(unit, Files.readString(UNIT).replace("/usr/bin/java", "" + java));

    List<String> complaints = verify(unit).stream().filter(line -> !line.contains(NEWER)).toList();

    assertThat(complaints).isEmpty();
  }

  @Test
  void itWouldSayWhatIsWrong() throws Exception {
    Path unit = directory.resolve("wrong.service");
    Files.writeString(unit, Files.readString(UNIT).replace("KillMode=process", "KillMode=proces"));
    assertThat(verify(unit)).anyMatch(line -> line.contains("proces"));
  }

  private List<String> verify(Path unit) throws IOException, InterruptedException {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "systemd-analyze"))),
        "there is no systemd here");
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder("systemd-analyze", "verify", unit.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(said);
  }
}
