package blackhole.client;

import blackhole.api.rpc.SocketChannels;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** {@link UnixSocketChannels} as a service; its event loop lives as long as the component. */
@Component
public final class SocketChannelsComponent implements SocketChannels {
  private final UnixSocketChannels channels;

  @Activate
  public SocketChannelsComponent() {
    channels = new UnixSocketChannels();
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
