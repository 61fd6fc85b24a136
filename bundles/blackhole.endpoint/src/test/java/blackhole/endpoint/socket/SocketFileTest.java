package blackhole.endpoint.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path directory;

  @Test
  void takesTheLongestPathAndRefusesOneByteMore() throws Exception {
    int rest = SocketFile.MAX_PATH_BYTES - directory.toString().length() - 1;
    Path longest = directory.resolve("x".repeat(rest));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(SocketFile.claim(longest).path()));
    }
    assertThatThrownBy(() -> SocketFile.claim(directory.resolve("x".repeat(rest + 1))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 107 bytes, and the JDK takes 106");
  }

  @Test
  void leavesWhatIsNoSocketAlone() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "kept");
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));

    assertThatThrownBy(() -> SocketFile.claim(file)).hasMessageContaining("a file, not a socket");
    assertThatThrownBy(() -> SocketFile.claim(folder))
        .hasMessageContaining("a directory, not a socket");
    assertThatThrownBy(() -> SocketFile.claim(link))
        .hasMessageContaining("a symbolic link, not a socket");

    assertThat(file).hasContent("kept");
    assertThat(folder).isDirectory();
    assertThat(link).isSymbolicLink();
  }

  @Test
  void aListenerWithAFullQueueIsAlive() throws Exception {
    Path path = directory.resolve("s");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      busy.bind(address, 1);
      first.configureBlocking(false);
      second.configureBlocking(false);
      boolean unused = first.connect(address);
      unused = second.connect(address);

      assertThatThrownBy(() -> SocketFile.claim(path)).hasMessageContaining("listens");
      assertThat(path).exists();
    }
  }

  @Test
  void knowsItsOwnFileFromAnother() throws Exception {
    Path path = directory.resolve("s");
    SocketFile file = SocketFile.claim(path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      file.bound();
      assertThat(file.state()).isEqualTo(SocketFile.State.OURS);

      Files.delete(path);
      assertThat(file.state()).isEqualTo(SocketFile.State.GONE);
      Files.writeString(path, "somebody else's");
      assertThat(file.state()).isEqualTo(SocketFile.State.REPLACED);
      file.delete();
      assertThat(path).hasContent("somebody else's");
    }
  }
}
