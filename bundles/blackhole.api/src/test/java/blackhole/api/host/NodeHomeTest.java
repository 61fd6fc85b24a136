package blackhole.api.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeHomeTest {
  @TempDir Path temp;
  private Path shortFolder;

  @AfterEach
  void removeShortFolder() throws IOException {
    if (shortFolder != null) {
      Files.deleteIfExists(shortFolder);
    }
  }

  @Test
  void socketsOfAShortHomeStandInItsRunFolder() {
    NodeHome home = NodeHome.of(Path.of("/srv/node"));

    assertThat(home.shellSocket()).isEqualTo(Path.of("/srv/node/run/shell.sock"));
    assertThat(home.serviceLink("identity", 2)).isEqualTo(Path.of("/srv/node/run/identity-2.sock"));
    assertThat(home.serviceSocket("identity", 2, 7))
        .isEqualTo(Path.of("/srv/node/run/identity-2.7.sock"));
  }

  @Test
  void theLimitCountsBytesAndIsExact() {
    // "/x…/run/" and the name make 106 bytes, then 107
    Path fits = Path.of("/" + "x".repeat(106 - "/".length() - "/run/node.sock".length()));
    Path tooLong = Path.of(fits + "x");
    Path umlauts = Path.of("/" + "ö".repeat(50));

    assertThat(bytes(NodeHome.of(fits).controlSocket())).isEqualTo(106);
    assertThat(NodeHome.of(fits).controlSocket()).startsWithRaw(fits);
    assertThat(NodeHome.of(tooLong).controlSocket())
        .startsWithRaw(NodeHome.of(tooLong).shortFolder());
    assertThat(bytes(NodeHome.of(tooLong).controlSocket())).isLessThanOrEqualTo(106);
    assertThat(bytes(NodeHome.of(umlauts).controlSocket())).isLessThanOrEqualTo(106);
  }

  @Test
  void aDeepHomeReachedThroughALinkHasTheSameSockets() throws IOException {
    Path deep = Files.createDirectories(temp.resolve("d".repeat(120)));
    Path link = Files.createSymbolicLink(temp.resolve("l".repeat(120)), deep);

    assertThat(NodeHome.of(link).shellSocket()).isEqualTo(NodeHome.of(deep).shellSocket());
  }

  @Test
  void createMakesAPrivateRunFolderEvenIfItStoodOpen() throws IOException {
    Path root = temp.resolve("a hömé with spaces");
    Files.createDirectories(root.resolve("run"));
    Files.setPosixFilePermissions(
        root.resolve("run"), PosixFilePermissions.fromString("rwxrwxrwx"));

    NodeHome home = NodeHome.of(root);
    home.create();
    home.create();

    assertThat(mode(home.run())).isEqualTo("rwx------");
    assertThat(home.log()).isDirectory();
    assertThat(home.state()).isDirectory();
  }

  @Test
  void aDeepHomeGetsAPrivateFolderForItsSockets() throws IOException {
    NodeHome home = NodeHome.of(temp.resolve("d".repeat(120)));
    shortFolder = home.shortFolder();

    home.create();

    assertThat(home.shellSocket().getParent()).isEqualTo(shortFolder);
    assertThat(mode(shortFolder)).isEqualTo("rwx------");
  }

  @Test
  void aPlantedLinkInPlaceOfTheFolderIsRefused() throws IOException {
    NodeHome home = NodeHome.of(temp.resolve("d".repeat(120)));
    shortFolder = home.shortFolder();
    Files.createSymbolicLink(shortFolder, temp);

    assertThatThrownBy(home::create)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(shortFolder.toString())
        .hasMessageContaining("not a directory of this user");
  }

  @Test
  void aFileInPlaceOfTheHomeIsNamed() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");

    assertThatThrownBy(() -> NodeHome.of(file).create())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
