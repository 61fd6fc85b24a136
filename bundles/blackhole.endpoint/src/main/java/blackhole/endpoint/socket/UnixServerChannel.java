package blackhole.endpoint.socket;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.nio.AbstractNioMessageChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listening Unix socket for Netty's NIO transport. It differs from Netty's own {@code
 * NioServerDomainSocketChannel}, which is final, in three things: the file gets mode 0600 as it is
 * bound; peers are admitted by their credentials, so that not even the moment before the mode is
 * set, or a mode that somebody changed, lets another user in; and on close the file is removed only
 * if it is still this socket's (Netty removes whatever is at the path, even a successor's socket).
 */
public final class UnixServerChannel extends AbstractNioMessageChannel implements ServerChannel {
  /** As many connections are accepted in one go as by Netty's own server channels. */
  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

  private final ChannelConfig config =
      new DefaultChannelConfig(this, new ServerChannelRecvByteBufAllocator()) {};

  private final SocketFile file;
  private final PeerAdmission admission;
  private volatile boolean bound;

  public UnixServerChannel(SocketFile file, PeerAdmission admission) {
    super(null, newSocket(), SelectionKey.OP_ACCEPT);
    this.file = file;
    this.admission = admission;
  }

  private static ServerSocketChannel newSocket() {
    try {
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a Unix socket: " + e.getMessage(), e);
    }
  }

  @Override
  protected void doBind(SocketAddress address) throws IOException {
    var unused = javaChannel().bind(address, NetUtil.SOMAXCONN);
    file.bound();
    bound = true;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws IOException {
    SocketChannel peer = javaChannel().accept();
    if (peer == null) {
      return 0;
    }
    try {
      if (admission.admits(peer, file.owner())) {
        accepted.add(new NioDomainSocketChannel(this, peer));
        return 1;
      }
      peer.close();
      return 0;
    } catch (IOException | RuntimeException e) {
      peer.close();
      throw e;
    }
  }

  @Override
  protected void doClose() throws Exception {
    bound = false;
    try {
      // first the file: as long as the socket is open, nobody else's can be mistaken for it
      file.delete();
    } finally {
      super.doClose();
      javaChannel().close();
    }
  }

  @Override
  protected ServerSocketChannel javaChannel() {
    return (ServerSocketChannel) super.javaChannel();
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isActive() {
    return isOpen() && bound;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    try {
      return javaChannel().getLocalAddress();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected boolean doConnect(SocketAddress remote, SocketAddress local) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doFinishConnect() {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doDisconnect() {
    throw new UnsupportedOperationException();
  }

  @Override
  protected boolean doWriteMessage(Object message, ChannelOutboundBuffer in) {
    throw new UnsupportedOperationException();
  }
}
