package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
  @TempDir Path root;
  private NodeHome home;

  @BeforeEach
  void makeHome() throws IOException {
    home = NodeHome.of(root);
    Files.createDirectories(home.log());
  }

  @Test
  void ofWhatDeadHostsLeaveOnlyTheNewestIsKept() throws IOException {
    for (int i = 0; i < 30; i++) {
      write(home.hostOutput("a-" + i), i);
      write(home.hostCrashReport("a-" + i), i);
      write(home.hostHeapDump("a-" + i), i);
    }
    Path log = write(home.serviceLog("a", 1), 0);

    new HostFiles(home).remove("b-1", root.resolve("socket"), root.resolve("link"));

    assertThat(names(".out")).hasSize(20).contains("a-29.out", "a-10.out");
    assertThat(names(".hprof")).containsExactlyInAnyOrder("a-29.hprof", "a-28.hprof");
    assertThat(names(".log"))
        .hasSize(11)
        .contains("hs_err_a-29.log", "hs_err_a-20.log", log.getFileName().toString());
  }

  private static Path write(Path file, int age) throws IOException {
    Files.writeString(file, "x");
    return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L + age * 1000L));
  }

  private List<String> names(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(home.log())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .toList();
    }
  }
}
