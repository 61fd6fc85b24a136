package blackhole.indexer;

import blackhole.indexer.feed.TestBlobs;
import blackhole.indexer.feed.TestStream;
import blackhole.indexer.v1.IndexerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket, fed from memory. */
final class RunningIndexer implements AutoCloseable {
  final TestBlobs blobs = new TestBlobs();
  final TestStream stream = new TestStream();
  final IndexerCore core;
  final IndexerFeed feed;
  final IndexerOnHost onHost;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;
  private final ManagedChannel channel;

  RunningIndexer(Path data, IndexerCore.Config config) throws IOException {
    core = new IndexerCore(new TestHost(data), config, Map.of());
    feed = new IndexerFeed(core, blobs, stream);
    onHost = new IndexerOnHost(core, feed);
    UnixDomainSocketAddress socket =
        UnixDomainSocketAddress.of(data.resolve("s-" + ProcessHandle.current().pid()));
    server =
        NettyServerBuilder.forAddress(socket)
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .addService(new IndexerService(core, feed))
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(socket)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(loops)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  IndexerGrpc.IndexerBlockingStub stub() {
    return IndexerGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    stream.close();
    feed.close();
    core.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
