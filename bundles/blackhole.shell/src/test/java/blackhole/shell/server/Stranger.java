package blackhole.shell.server;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A process that connects to a socket, and says when the other side has closed it. */
final class Stranger {
  private Stranger() {}

  public static void main(String[] arguments) throws IOException {
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])))) {
      System.out.println("connected");
      System.out.println(channel.read(ByteBuffer.allocate(1)) < 0 ? "closed" : "spoken to");
    }
  }
}
