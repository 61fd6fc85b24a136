package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StableLinkTest {
  @TempDir Path directory;

  @Test
  void linksRelativelyInOneDirectoryAndLeavesNothingElse() throws IOException {
    link("a.1.sock").point();
    assertThat(Files.readSymbolicLink(directory.resolve("a.sock"))).isEqualTo(Path.of("a.1.sock"));
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("a.sock"));
    }
  }

  @Test
  void linksAbsolutelyFromElsewhere() throws IOException {
    Path socket = directory.resolve("a.1.sock");
    Path link = Files.createDirectory(directory.resolve("elsewhere")).resolve("a.sock");
    StableLink stable = new StableLink(link, socket);
    stable.point();
    assertThat(Files.readSymbolicLink(link)).isEqualTo(socket);
    stable.remove();
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  @Test
  void takesOverFromAPredecessorAndFromADeadLink() throws IOException {
    link("a.1.sock").point();
    link("a.2.sock").point();
    assertThat(Files.readSymbolicLink(directory.resolve("a.sock"))).isEqualTo(Path.of("a.2.sock"));
  }

  @Test
  void aTemporaryLinkThatACrashLeftIsNoObstacle() throws IOException {
    Files.createSymbolicLink(directory.resolve(".a.1.sock.link"), Path.of("nowhere"));
    link("a.1.sock").point();
    assertThat(Files.readSymbolicLink(directory.resolve("a.sock"))).isEqualTo(Path.of("a.1.sock"));
  }

  @Test
  void whatIsNoLinkIsLeftAlone() throws IOException {
    Files.writeString(directory.resolve("a.sock"), "mine");
    assertThatIOException()
        .isThrownBy(link("a.1.sock")::point)
        .withMessageContaining("a.sock exists and is not a link to a socket; remove it");
    link("a.1.sock").remove();
    assertThat(directory.resolve("a.sock")).hasContent("mine");
  }

  @Test
  void removesOnlyItsOwn() throws IOException {
    link("a.1.sock").point();
    link("a.2.sock").remove();
    assertThat(Files.isSymbolicLink(directory.resolve("a.sock"))).isTrue();
    link("a.1.sock").remove();
    link("a.1.sock").remove();
    assertThat(Files.isSymbolicLink(directory.resolve("a.sock"))).isFalse();
  }

  @Test
  void aSocketThatIsItsOwnLinkIsLeftToTheEndpoint() throws IOException {
    Path socket = Files.createFile(directory.resolve("a.sock"));
    StableLink same = new StableLink(socket, socket);
    same.point();
    same.remove();
    assertThat(socket).isRegularFile();
  }

  private StableLink link(String socket) {
    return new StableLink(directory.resolve("a.sock"), directory.resolve(socket));
  }
}
