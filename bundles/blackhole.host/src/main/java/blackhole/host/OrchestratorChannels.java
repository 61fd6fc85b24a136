package blackhole.host;

import blackhole.api.rpc.SocketChannels;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Channels to this node's orchestrator. One that a part of this host has left, serves the next who
 * asks: a spare is connected already when it gets its service, which callers wait for. Thread-safe.
 */
@Component(service = OrchestratorChannels.class)
public final class OrchestratorChannels {
  private final SocketChannels channels;
  private final AtomicReference<@Nullable ManagedChannel> left = new AtomicReference<>();

  @Activate
  public OrchestratorChannels(@Reference SocketChannels channels) {
    this.channels = channels;
  }

  /** A channel that is the caller's alone. */
  ManagedChannel open(Path socket) {
    ManagedChannel connected = left.getAndSet(null);
    return connected == null ? channels.open(socket) : connected;
  }

  /** Leaves a channel to whoever asks next. */
  void keep(ManagedChannel channel) {
    end(left.getAndSet(channel));
  }

  @Deactivate
  public void deactivate() {
    end(left.getAndSet(null));
  }

  private static void end(@Nullable ManagedChannel channel) {
    if (channel != null) {
      channel.shutdownNow();
    }
  }
}
