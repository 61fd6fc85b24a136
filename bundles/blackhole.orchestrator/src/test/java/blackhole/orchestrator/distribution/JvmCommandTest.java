package blackhole.orchestrator.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmCommandTest {
  @TempDir Path directory;
  private Distribution distribution;

  @BeforeEach
  void carry() {
    Properties index = new Properties();
    index.setProperty("digest", "d1");
    index.setProperty("host.classpath", "felix.jar,api.jar");
    index.setProperty("orchestrator.classpath", "felix.jar,api.jar,orchestrator.jar");
    distribution = new Distribution(directory, new DistributionIndex(index));
  }

  @Test
  void namesHomeHostServiceAndInstance() {
    Path home = Path.of("/a home");
    List<String> command =
        JvmCommand.host(
            distribution, home, List.of("-Xmx64m"), Path.of("/a"), Map.of("id", "identity-1-x-1"));
    assertThat(command.get(0)).isEqualTo(System.getProperty("java.home") + "/bin/java");
    assertThat(command).containsSequence("-Xmx64m");
    assertThat(command).containsSequence("host", "--home", "/a home", "--id", "identity-1-x-1");
    assertThat(command)
        .containsSequence(
            "-cp",
            directory.resolve("felix.jar") + File.pathSeparator + directory.resolve("api.jar"),
            "blackhole.boot.Main");
  }

  @Test
  void mapsArchivesWhereTheyWereMadeForUnlessAFlagSaysOtherwise() {
    List<String> command =
        JvmCommand.orchestrator(
            distribution, Path.of("/home"), List.of("-XX:ArchiveRelocationMode=1"), Map.of());
    assertThat(command)
        .containsSubsequence(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:ArchiveRelocationMode=1");
  }

  @Test
  void aSpareNamesItsIdAndNoService() {
    List<String> command =
        JvmCommand.spare(
            distribution, Path.of("/home"), List.of(), "spare-x-1", Duration.ofMinutes(1));
    assertThat(command)
        .containsSequence("host", "--home", "/home", "--id", "spare-x-1", "--spare", "60000")
        .doesNotContain("--assignment", "--service");
  }

  @Test
  void beginsTheOrchestratorsClassPathWithTheHosts() {
    assertThat(distribution.orchestratorClassPath()).startsWith(distribution.hostClassPath());
  }

  @Test
  void usesAnArchiveOnlyWhenItIsThere() throws IOException {
    ClassDataArchive archive = ClassDataArchive.of(directory, distribution);
    assertThat(archive.useFlags()).isEmpty();
    Files.createFile(archive.file());
    assertThat(archive.useFlags()).anyMatch(flag -> flag.endsWith("=" + archive.file()));
  }

  @Test
  void givesAnotherClassPathAnotherArchive() {
    Properties other = new Properties();
    other.setProperty("digest", "d2");
    other.setProperty("host.classpath", "felix.jar,api-2.jar");
    assertThat(
            ClassDataArchive.of(
                    directory, new Distribution(directory, new DistributionIndex(other)))
                .file())
        .isNotEqualTo(ClassDataArchive.of(directory, distribution).file());
  }
}
