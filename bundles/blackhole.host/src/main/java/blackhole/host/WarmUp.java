package blackhole.host;

import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.SocketChannels;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Serves and calls once, on a socket of this process's own, so that a spare has done before what
 * its service's start would be the first to do. The endpoint is closed again after it.
 *
 * @param socket is gone when this is over
 */
record WarmUp(Endpoint endpoint, SocketChannels channels, Path socket) {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MESSAGE_BYTES = 4 << 20;

  void run() throws IOException, InterruptedException, ExecutionException, TimeoutException {
    endpoint.open(
        new EndpointAddress(
            "spare",
            socket,
            OptionalInt.empty(),
            Optional.empty(),
            MESSAGE_BYTES,
            OptionalInt.empty()));
    try {
      call();
    } finally {
      int unused = endpoint.drain(Duration.ZERO);
    }
  }

  private void call() throws InterruptedException, ExecutionException, TimeoutException {
    ManagedChannel channel = channels.open(socket);
    try {
      SelfCalls.make(channel, TIMEOUT);
    } finally {
      channel.shutdownNow();
    }
  }
}
