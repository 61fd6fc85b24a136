package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastLinesTest {
  @TempDir Path directory;
  private Path log;

  @BeforeEach
  void name() {
    log = directory.resolve("a.log");
  }

  @Test
  void givesTheLastOfEachFile() throws IOException {
    Files.writeString(log, "one\ntwo\n\nthree\n");
    Path out = directory.resolve("a.out");
    Files.writeString(out, "last words");
    assertThat(LastLines.of(2, log, out)).containsExactly("two", "three", "last words");
  }

  @Test
  void takesNoFileForAnEmptyOne() {
    assertThat(LastLines.of(5, log)).isEmpty();
  }

  @Test
  void readsOnlyTheEndOfALargeFileAndCutsItsLines() throws IOException {
    Files.writeString(log, "x".repeat(1 << 20));
    assertThat(LastLines.of(5, log))
        .singleElement()
        .satisfies(line -> assertThat(line).hasSize(501).endsWith("…"));
  }

  @Test
  void makesABinaryFloodFitForATerminal() throws IOException {
    Files.write(log, "a\u001b[2Jb\u0000c\n".getBytes(StandardCharsets.UTF_8));
    assertThat(LastLines.of(5, log)).containsExactly("a.[2Jb.c");
  }
}
