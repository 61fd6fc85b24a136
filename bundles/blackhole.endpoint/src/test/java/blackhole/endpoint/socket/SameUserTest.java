package blackhole.endpoint.socket;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.endpoint.LogCapture;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameUserTest {
  @TempDir Path directory;

  @Test
  void admitsOnlyTheOwner() throws Exception {
    Path path = directory.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        LogCapture log = new LogCapture(SameUser.class.getName())) {
      server.bind(UnixDomainSocketAddress.of(path));
      UserPrincipal owner = Files.getOwner(path);
      UserPrincipal stranger =
          directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("12345");
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
          SocketChannel peer = server.accept()) {
        assertThat(client.isConnected()).isTrue();
        SameUser admission = new SameUser();

        assertThat(admission.admits(peer, owner)).isTrue();
        assertThat(log.warnings()).isEmpty();
        assertThat(admission.admits(peer, stranger)).isFalse();
        assertThat(admission.admits(peer, stranger)).isFalse();
        // told, but not each time
        assertThat(log.warnings())
            .singleElement()
            .asString()
            .contains(owner.getName())
            .contains("12345");
      }
    }
  }
}
