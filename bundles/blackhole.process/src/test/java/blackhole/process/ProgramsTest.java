package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @TempDir Path folder;

  @Test
  void searchesInOrder() throws IOException {
    program("one/tool", true);
    program("two/tool", true);
    program("zero/tool", false);
    String searchPath = folder + "/none:" + folder + "/zero:" + folder + "/two:" + folder + "/one";
    assertThat(Programs.find("tool", searchPath)).contains(folder.resolve("two/tool"));
    assertThat(Programs.find("other", searchPath)).isEmpty();
    assertThat(Programs.find("tool", null)).isEmpty();
  }

  @Test
  void aNameWithASlashIsAPath() throws IOException {
    Path tool = program("a folder/tool", true);
    assertThat(Programs.resolve("./a folder/tool", folder, null)).isExecutable();
    assertThat(Programs.resolve(tool.toString(), Path.of("/"), null)).isEqualTo(tool);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    program("plain", false);
    Files.createDirectory(folder.resolve("directory"));
    assertThatThrownBy(() -> Programs.resolve("tool", folder, folder.toString()))
        .hasMessage("no such program: tool");
    assertThatThrownBy(() -> Programs.resolve("./tool", folder, null))
        .hasMessageStartingWith("no such program: ")
        .hasMessageContaining(folder.toString());
    assertThatThrownBy(() -> Programs.resolve("./plain", folder, null))
        .hasMessageStartingWith("not a program that we may execute: ");
    assertThatThrownBy(() -> Programs.resolve("./directory", folder, null))
        .hasMessageStartingWith("not a program that we may execute: ");
    assertThatThrownBy(() -> Programs.resolve("./to\0ol", folder, null))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no such program: ");
  }

  private Path program(String name, boolean executable) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(
        file,
        PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------")));
    return file;
  }
}
