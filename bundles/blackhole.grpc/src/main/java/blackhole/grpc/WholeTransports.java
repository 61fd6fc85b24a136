package blackhole.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ChannelLogger;
import io.grpc.internal.ClientTransportFactory;
import io.grpc.internal.ConnectionClientTransport;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Connections that hold answers back until they are whole. Thread-safe. */
final class WholeTransports implements ClientTransportFactory {
  private final ClientTransportFactory factory;

  WholeTransports(ClientTransportFactory factory) {
    this.factory = factory;
  }

  @Override
  public ConnectionClientTransport newClientTransport(
      SocketAddress server, ClientTransportOptions options, ChannelLogger logger) {
    return new WholeTransport(factory.newClientTransport(server, options, logger));
  }

  @Override
  public ScheduledExecutorService getScheduledExecutorService() {
    return factory.getScheduledExecutorService();
  }

  /** Channels to others beside this one are not made by it. */
  @Override
  public @Nullable SwapChannelCredentialsResult swapChannelCredentials(
      ChannelCredentials credentials) {
    return null;
  }

  @Override
  public void close() {
    factory.close();
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
    return factory.getSupportedSocketAddressTypes();
  }
}
