package blackhole.bench.recover;

import blackhole.bench.service.EchoService;
import blackhole.client.UnixSocketChannels;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From {@code kill -9} to the next call that is answered. */
record Outage(UnixSocketChannels channels) {
  private static final long LOOK_EVERY_NANOS = 200_000;
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final StringValue QUESTION = StringValue.of("0123456789abcdef");

  /** Kills the process, and gives how long nobody answered, in milliseconds. */
  double millis(long pid, Path socket) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    long killed = System.nanoTime();
    process.destroyForcibly();
    // until it is gone, it might take a call yet
    while (process.isAlive()) {
      pause(killed);
    }
    while (!isListening(socket)) {
      pause(killed);
    }
    ManagedChannel channel = channels.open(socket);
    try {
      while (!answers(channel)) {
        pause(killed);
      }
      return (System.nanoTime() - killed) / 1e6;
    } finally {
      channel.shutdownNow();
    }
  }

  private static boolean isListening(Path socket) {
    try (SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return connected.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answers(ManagedChannel channel) {
    try {
      return ClientCalls.blockingUnaryCall(
              channel,
              EchoService.ECHO,
              CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
              QUESTION)
          .equals(QUESTION);
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  private static void pause(long killed) {
    if (System.nanoTime() - killed > TIMEOUT_NANOS) {
      throw new IllegalStateException("nobody answers, a minute after the kill");
    }
    LockSupport.parkNanos(LOOK_EVERY_NANOS);
  }
}
