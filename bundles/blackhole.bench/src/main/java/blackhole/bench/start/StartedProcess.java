package blackhole.bench.start;

import blackhole.api.rpc.SocketChannels;
import blackhole.bench.ProcessMemory;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that is measured from its spawn to its first SERVING. */
public final class StartedProcess implements AutoCloseable {
  private static final long LOOK_EVERY_NANOS = 200_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final Path socket;
  private final long startedNanos;

  private StartedProcess(Process process, Path socket, long startedNanos) {
    this.process = process;
    this.socket = socket;
    this.startedNanos = startedNanos;
  }

  public static StartedProcess start(List<String> command, Path socket, Path output)
      throws IOException {
    Files.deleteIfExists(socket);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    long before = System.nanoTime();
    return new StartedProcess(builder.start(), socket, before);
  }

  /** Waits for the first SERVING, and gives the time since the spawn. */
  public double awaitServingMillis(SocketChannels channels) {
    awaitListening();
    ManagedChannel channel = channels.open(socket);
    try {
      while (!isServing(channel)) {
        pause();
      }
      return (System.nanoTime() - startedNanos) / 1e6;
    } finally {
      channel.shutdownNow();
    }
  }

  private void awaitListening() {
    while (!isListening()) {
      pause();
    }
  }

  private boolean isListening() {
    try (SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return connected.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isServing(ManagedChannel channel) {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(5, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /**
   * Another process's progress can only be looked at: often, and cheaply beside what is measured.
   */
  private void pause() {
    if (!process.isAlive()) {
      throw new IllegalStateException("it ended with " + process.exitValue() + " before it served");
    }
    if (System.nanoTime() - startedNanos > TIMEOUT.toNanos()) {
      throw new IllegalStateException("it does not serve after " + TIMEOUT);
    }
    LockSupport.parkNanos(LOOK_EVERY_NANOS);
  }

  double pssMegabytes() throws IOException {
    return ProcessMemory.pssMegabytes(process.pid());
  }

  /** Waits for its own end; for training runs. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(TIMEOUT.toSeconds() * 3, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the training run does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
