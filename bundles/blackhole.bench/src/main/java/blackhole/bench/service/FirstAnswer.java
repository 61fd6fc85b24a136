package blackhole.bench.service;

import blackhole.bench.echo.EchoService;
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

/** How long it takes until somebody answers at a socket. Looks often, and cheaply. */
public record FirstAnswer(UnixSocketChannels channels) {
  private static final long LOOK_EVERY_NANOS = 500_000;
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final StringValue QUESTION = StringValue.of("0123456789abcdef");

  /** Waits for it, and gives the time since then, in milliseconds. */
  public double millisSince(long startNanos, Path socket) {
    while (!isListening(socket)) {
      pause(startNanos);
    }
    ManagedChannel channel = channels.open(socket);
    try {
      while (!answers(channel)) {
        pause(startNanos);
      }
      return (System.nanoTime() - startNanos) / 1e6;
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

  /** Until the next look. */
  public static void pause(long startNanos) {
    if (System.nanoTime() - startNanos > TIMEOUT_NANOS) {
      throw new IllegalStateException("nobody answers after a minute");
    }
    LockSupport.parkNanos(LOOK_EVERY_NANOS);
  }
}
