package blackhole.indexer;

import blackhole.indexer.feed.TestBlobs;
import blackhole.indexer.feed.TestStream;
import blackhole.indexer.v1.IndexerGrpc;
import blackhole.testkit.TestHost;
import blackhole.testkit.TestServer;
import io.grpc.ManagedChannel;
import java.io.IOException;
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

  private final TestServer server;
  private final ManagedChannel channel;

  RunningIndexer(Path data, IndexerCore.Config config) throws IOException {
    core = new IndexerCore(new TestHost("indexer", data), config, Map.of());
    feed = new IndexerFeed(core, blobs, stream);
    onHost = new IndexerOnHost(core, feed);
    server =
        TestServer.start(
            data.resolve("s-" + ProcessHandle.current().pid()), new IndexerService(core, feed));
    channel = server.channel();
  }

  IndexerGrpc.IndexerBlockingStub stub() {
    return IndexerGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    server.close();
    stream.close();
    feed.close();
    core.close();
  }
}
