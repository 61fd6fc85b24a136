package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcReaderTest {
  @TempDir Path folder;
  private final ProcReader reader = new ProcReader();
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("file");
    Files.writeString(
        file, "Rss:      5 kB\nPss:\t   1234 kB\nPss_Dirty: 7 kB\nnone here\nlast 99");
  }

  @Test
  void findsTheNumberAfterAKey() {
    assertThat(reader.number(file, "Pss:")).hasValue(1234);
    assertThat(reader.number(file, "Rss:")).hasValue(5);
    assertThat(reader.number(file, "last ")).as("without an end of line").hasValue(99);
  }

  @Test
  void aKeyBeginsALine() {
    assertThat(reader.number(file, "ss:")).isEmpty();
    assertThat(reader.number(file, "none ")).as("no number").isEmpty();
    assertThat(reader.number(file, "last 99 and more")).isEmpty();
    assertThat(reader.number(folder.resolve("other"), "Pss:")).as("no file").isEmpty();
  }

  @Test
  void nothingIsLeftOfTheFileBefore() throws Exception {
    assertThat(reader.number(file, "last ")).hasValue(99);
    Path shorter = Files.writeString(folder.resolve("shorter"), "x 1\n");
    assertThat(reader.number(shorter, "last ")).isEmpty();
    assertThat(reader.text(shorter)).isEqualTo("x 1\n");
    assertThatIOException().isThrownBy(() -> reader.text(folder.resolve("other")));
  }
}
