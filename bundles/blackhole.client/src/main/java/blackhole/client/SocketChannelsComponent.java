package blackhole.client;

import blackhole.api.rpc.SocketChannels;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** {@link UnixSocketChannels} as a service. */
@Component
public final class SocketChannelsComponent implements SocketChannels {
  private final UnixSocketChannels channels;

  @Activate
  public SocketChannelsComponent(@Reference ClientThreadsComponent threads) {
    channels = new UnixSocketChannels(threads.threads());
  }

  @Deactivate
  void deactivate() {
    channels.close();
  }

  @Override
  public ManagedChannel open(Path socket) {
    return channels.open(socket);
  }
}
