package blackhole.bench.call;

import blackhole.client.UnixSocketChannels;
import io.grpc.Channel;
import java.nio.file.Path;

/** Our way to a service: what a stub of a service author's would be given. */
final class OurClient implements AutoCloseable {
  private final UnixSocketChannels channels = new UnixSocketChannels();

  Channel open(Path socket) {
    return channels.open(socket);
  }

  UnixSocketChannels sockets() {
    return channels;
  }

  @Override
  public void close() {
    channels.close();
  }
}
