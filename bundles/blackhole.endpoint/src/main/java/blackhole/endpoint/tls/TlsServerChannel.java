package blackhole.endpoint.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.List;

/**
 * A listening TCP socket that names, in the log, why a TLS handshake failed. gRPC keeps that to
 * itself, and has no hook for it; but every connection is made here, before gRPC sees it.
 */
public final class TlsServerChannel extends NioServerSocketChannel {
  private final RefusalLog log = new RefusalLog(System::nanoTime);

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int before = accepted.size();
    int count = super.doReadMessages(accepted);
    for (Object connection : accepted.subList(before, accepted.size())) {
      ((Channel) connection).pipeline().addLast(new HandshakeWatch());
    }
    return count;
  }

  /** Finds gRPC's TLS handler, follows its handshake, and leaves. */
  private final class HandshakeWatch extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      // gRPC adds its TLS handler when the connection becomes active, which it does here
      context.fireChannelActive();
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls != null) {
        tls.handshakeFuture().addListener(handshake -> ended(handshake, tls, context.channel()));
      }
      context.pipeline().remove(this);
    }

    private void ended(Future<?> handshake, SslHandler tls, Channel channel) {
      Throwable failure = handshake.cause();
      if (failure != null) {
        Refusal.describe(failure).ifPresent(cause -> log.refused(channel.remoteAddress(), cause));
      } else if (!ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
        log.refused(channel.remoteAddress(), "it does not offer HTTP/2 (ALPN h2)");
      }
    }
  }
}
